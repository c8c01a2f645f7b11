"""Features for the story on the screen: its page, its pictures, what is found, selected, kept and read aloud in it."""
