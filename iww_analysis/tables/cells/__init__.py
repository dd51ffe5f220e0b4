"""Read cells and hold many of them: what a text means, each distinct text once."""
