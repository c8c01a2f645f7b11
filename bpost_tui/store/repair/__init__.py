"""The files in use: every piece of work on them, copies of them, and their repair when they are damaged."""
