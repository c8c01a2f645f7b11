"""Changes that the reader makes, such as marking stories or deleting a list, and the undo stack."""
