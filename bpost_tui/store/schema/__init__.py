"""Schema of the library's two database files, step by step, and the check of a file's schema."""
