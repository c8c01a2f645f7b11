"""What all features of the screen work with: the desk, and what stands on it."""
