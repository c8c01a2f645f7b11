"""Library on disk: the only package that uses SQLite."""
