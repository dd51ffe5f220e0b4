"""Write the Excel forms that people fill in."""
