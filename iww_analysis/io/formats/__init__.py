"""Read delivered files: one module per kind of file."""
