"""What sets a home up: its folder, its forms, and the notebooks to read and write in."""
