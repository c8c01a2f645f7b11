"""Features that change the library: marks, flags, the reader's own lists, settings and papers; and syncing marks."""
