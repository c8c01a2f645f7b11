"""Verbs `export` and `digest`, with a module for each format."""
