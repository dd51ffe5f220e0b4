"""From delivered rows to clean tables, with the account of every row."""
