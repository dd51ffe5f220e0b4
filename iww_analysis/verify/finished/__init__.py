"""Read a finished report as its reader gets it."""
