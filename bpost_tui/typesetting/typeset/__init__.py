"""Typesetting of items: lines, then pixels or cells. Pure but for reading fonts; never imports Textual."""
