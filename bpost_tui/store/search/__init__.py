"""Search: queries, the index, what is found."""
