"""Text to lines to pixels: pure but for the fonts. Never imports Textual."""
