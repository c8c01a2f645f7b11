"""The reader line by line, one thing after another, for screen readers and braille displays."""
