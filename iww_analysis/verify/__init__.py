"""A second implementation of everything that matters: what a finished report says, held against what lies here."""
