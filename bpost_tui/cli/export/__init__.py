"""What `export` writes: a module for each format."""
