"""Search: query language, full-text index, ranking and highlighting."""
