"""What all features of the screen work with: the desk, and what is on it."""
