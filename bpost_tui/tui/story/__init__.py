"""Features of the story on the screen: its page, pictures, finding, selecting, passages, and reading aloud."""
