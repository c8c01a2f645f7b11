"""Limits on data from outside: from feeds, portals, files, other machines and the parser process.

The lengths of texts are in model/sanitize.py, which cleans them; the sizes of bodies are in portal/http/client.py, which reads
them.
"""

from __future__ import annotations

from typing import Final

# ── a text of JSON or TOML (untrusted.py) ─────────────────────────────────────

MAX_DEPTH: Final = 64
"""Levels of lists and objects; the deepest text of ours has 8."""
MAX_VALUES: Final = 1_000_000
"""They take some 100 MB."""
MAX_VALUE_CHARS: Final = 16 << 20
"""Of one value in a text that is read value by value."""

# ── what a reader has ───────────────────────────────────────────────────────

MAX_PAPERS: Final = 10_000
MAX_STORIES: Final = 1_000_000
MAX_REVISIONS: Final = 1000
"""Of one story."""
MAX_SEARCHES: Final = 1000
MAX_LISTS: Final = 200
MAX_PASSAGES: Final = 100_000
MAX_MUTES: Final = 500
"""Of a kind, the latest."""
MAX_QUERY_CHARS: Final = 2000

# ── a story ─────────────────────────────────────────────────────────────────

MAX_TERMS: Final = 100
"""Categories, or tags."""
MAX_BLOCKS: Final = 5000
MAX_IMAGES: Final = 500
MAX_EMBEDS: Final = 100
MAX_ROWS: Final = 200
"""Of a table."""
MAX_COLUMNS: Final = 20
MAX_ITEMS: Final = 1000
"""Of a list."""
MAX_CHARS: Final = 500_000
"""Of text; the longest seen has 120,000."""
MAX_STYLED: Final = 2000
"""Bold, italic or linked pieces; what comes after them is kept without its style."""

# ── a portal's answer ───────────────────────────────────────────────────────

MAX_FEED_ITEMS: Final = 3000
MAX_SITE_FEEDS: Final = 50
"""Feeds that a page may name."""
MAX_FRAME_BYTES: Final = 64 << 20
"""What a process of ours may say at once."""

# ── a file ──────────────────────────────────────────────────────────────────

MAX_OPML_LINES: Final = 2000
"""Feeds that an OPML file may list."""
MAX_GROUPS: Final = 20
"""Of papers, that one may be in."""
MAX_OPML_BYTES: Final = 4 << 20
MAX_THEME_BYTES: Final = 16 << 10
"""Ours have 600 at most; what reads TOML takes time by the square of a key's parts."""
MAX_STATE_BYTES: Final = 16 << 20
"""Of what is kept in the state folder."""
MAX_PIPE_BYTES: Final = 1 << 30
"""Of an exported library that comes through a pipe."""

# ── the sync folder ─────────────────────────────────────────────────────────

MAX_FILES: Final = 200
MAX_FILE_BYTES: Final = 256 << 20
MAX_LINE_BYTES: Final = 32 << 10
MAX_LINES: Final = 2_000_000

# ── a service ───────────────────────────────────────────────────────────────

MAX_SERVICE_BYTES: Final = 64 << 20
"""Of one answer of it, decoded."""
MAX_SERVICE_ITEMS: Final = 50_000
"""Of one paper, or of one mark."""
