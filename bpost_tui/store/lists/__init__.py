"""Lists, marks, and the reader's other data in a library."""
