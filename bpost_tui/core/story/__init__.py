"""Finding, selecting and keeping what a story says."""
