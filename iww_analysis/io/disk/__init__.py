"""Whole files, sets of files, locks, and where things lie."""
