"""From a mark on a figure back to the rows of the raw files."""
