"""Text of any script: grapheme clusters, direction, break opportunities, quotation marks. Pure."""
