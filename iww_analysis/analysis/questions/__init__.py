"""The questions of the five studies."""
