"""Propose what the headings of a sheet mean: by their words, their parts, what stands under them and beside them."""
