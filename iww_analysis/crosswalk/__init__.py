"""What a source's headings and words mean: read it, propose it, ask about it."""
