"""The workshop in which the authors of the theory change it: what is wrong with the rules, and what a change does."""
