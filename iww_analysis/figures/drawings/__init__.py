"""How each figure is drawn."""
