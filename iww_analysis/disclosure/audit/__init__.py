"""Attack what is shown, as somebody would who knows everything but the key; written apart from what protects it."""
