"""Write the interviews, sessions and counts of each study."""
