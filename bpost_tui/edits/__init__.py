"""Weight of an edit: whether the change of a story since it was read matters to the reader. Pure."""
