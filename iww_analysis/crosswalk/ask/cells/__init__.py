"""Ask how the cells of a column are written."""
