"""Shapes that several figures are drawn with."""
