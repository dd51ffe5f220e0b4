"""How good the data of each source are."""
