"""Changes that the reader makes, and undoing them."""
