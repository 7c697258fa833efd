"""The workshop in which experts change the theory: pure functions on a theory, its situations and its transcripts."""
