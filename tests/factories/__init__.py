"""Rows for tests, whole and valid; what a test cares about is given, the rest is made up."""
