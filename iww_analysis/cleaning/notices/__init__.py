"""Notices for a person: what is not understood of a source, and what its build found in the rows."""
