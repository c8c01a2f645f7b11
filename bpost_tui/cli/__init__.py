"""Command line: parses arguments, runs a verb, prints. Other packages are imported when needed."""
