"""Descriptions of a folder for archives and other tools."""
