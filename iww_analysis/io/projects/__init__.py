"""Read coded interviews (REFI-QDA projects and codebooks)."""
