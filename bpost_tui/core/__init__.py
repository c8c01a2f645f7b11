"""Core of bpost: everything that the screen, `--plain` (output without a screen) and the command line share."""
