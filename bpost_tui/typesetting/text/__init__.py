"""Text of any script: graphemes, the word that was probably meant. Pure."""
