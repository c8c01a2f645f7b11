"""What this library and those of the reader's other machines have from each other."""
