"""`export`, and a module for each format."""
