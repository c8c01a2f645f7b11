"""Lists, marks, and what else the reader has in a library."""
