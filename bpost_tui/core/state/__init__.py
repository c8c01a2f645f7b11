"""What bpost remembers of the reader, in the state folder."""
