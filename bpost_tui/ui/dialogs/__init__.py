"""What stands over the reader: palette, help, lists to choose from."""
