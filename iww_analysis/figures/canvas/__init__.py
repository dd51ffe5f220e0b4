"""What every figure stands on: its frame, letters, style and addresses."""
