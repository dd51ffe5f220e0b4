"""The commands: who opens and writes files, and calls the rooms above."""
