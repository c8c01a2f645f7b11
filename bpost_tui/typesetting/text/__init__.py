"""Text of any script: grapheme clusters (letters with their marks), direction, line-break positions, quotation marks. Pure."""
