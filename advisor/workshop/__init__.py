"""The workshop in which experts change the theory: functions on plain values, for somebody who writes no Python."""
