"""Count again, with other software than the analysis."""
