"""Propose what the headings and words of a delivery mean."""
