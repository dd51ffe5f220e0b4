"""Gather a report: pages, receipts, quality, notebooks, packages."""
