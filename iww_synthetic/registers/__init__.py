"""Write each register as its municipality would deliver it."""
