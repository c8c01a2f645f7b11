"""Parsers from HTML to the blocks of a story's text."""
