"""Typesetting: items to lines to pixels. Pure but for reading fonts; knows no terminal, and never imports Textual."""
