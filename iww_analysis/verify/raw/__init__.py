"""Read raw files again, with other readers."""
