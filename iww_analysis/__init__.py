"""From a municipality's messy case files to report figures that a reviewer can walk back to the source row."""
