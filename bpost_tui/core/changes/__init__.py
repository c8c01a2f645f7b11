"""What a reader changes, and takes back."""
