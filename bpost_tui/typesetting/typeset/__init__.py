"""Typesetting of a page's items (paragraphs, pictures…) into lines, then pixels or cells. Reads only fonts; no Textual."""
