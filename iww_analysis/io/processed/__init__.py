"""Keep processed tables, and ask them in SQL where they lie."""
