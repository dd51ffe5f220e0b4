"""Keep people unknown: keyed pseudonyms, and identifiers in free text."""
