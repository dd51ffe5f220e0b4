"""Open files: the only rooms that touch the disk."""
