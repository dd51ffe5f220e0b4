"""Protect every count of one source at once, so that what is shown adds up and nothing can be computed from it."""
