"""Show how the first rows of a delivery are read, before anything is counted: as a page and as a sheet of the form."""
