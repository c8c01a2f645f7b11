"""Limits on everything that comes from outside, whichever way it comes in."""

from __future__ import annotations

MAX_GUID_CHARS = 512
MAX_TITLE_CHARS = 300
MAX_NAME_CHARS = 120
MAX_EXCERPT_CHARS = 600
MAX_TERMS = 50
"""Categories, or tags, of one story."""
MAX_BLOCKS = 5000
MAX_IMAGES = 200
MAX_ROWS = 200
MAX_COLUMNS = 20
MAX_ITEMS = 1000
MAX_CHARS = 500_000
"""Characters of text in one story; the longest seen has 120,000."""
MAX_CAPTION_CHARS = 1000
