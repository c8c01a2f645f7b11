"""bengali."""
