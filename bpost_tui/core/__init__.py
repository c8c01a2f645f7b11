"""Core of the reader: everything that the screen, `--plain` and the command line share."""
