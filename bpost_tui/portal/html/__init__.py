"""HTML to the blocks of a text."""
