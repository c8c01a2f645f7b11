"""Text of any script: graphemes, sentences. Pure."""
