"""Write the effect arenas and interviews of two teams."""
