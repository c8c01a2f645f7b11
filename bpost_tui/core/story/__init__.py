"""Work on the text of the open story: finding words, selecting text, and highlighting passages."""
