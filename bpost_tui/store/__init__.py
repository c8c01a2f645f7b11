"""The library on disk: SQLite and nothing else."""
