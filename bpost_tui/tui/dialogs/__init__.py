"""What is over the reader: palette, help, lists to choose from."""
