"""Limits on data from outside: from feeds, portals, files, other machines and the parser process.

The lengths of texts are in model/sanitize.py, and the sizes of bodies in portal/http/client.py.
"""

from __future__ import annotations

from typing import Final

# ── a text of JSON or TOML (untrusted.py) ─────────────────────────────────────

MAX_DEPTH: Final = 64
"""Nesting depth of lists and objects; the deepest text of bpost's own has 8 levels."""
MAX_VALUES: Final = 1_000_000
"""Number of values in a text; this many take some 100 MB."""
MAX_VALUE_CHARS: Final = 16 << 20
"""Characters of a value in a text that is read value by value."""

# ── a reader's library ──────────────────────────────────────────────────────

MAX_PAPERS: Final = 10_000
MAX_STORIES: Final = 1_000_000
MAX_REVISIONS: Final = 1000
"""Number of revisions of a story."""
MAX_SEARCHES: Final = 1000
MAX_LISTS: Final = 200
MAX_PASSAGES: Final = 100_000
MAX_MUTES: Final = 500
"""Number of mutes of a kind; the latest count."""
MAX_QUERY_CHARS: Final = 2000

# ── a story ─────────────────────────────────────────────────────────────────

MAX_TERMS: Final = 100
"""Number of categories, or of tags."""
MAX_BLOCKS: Final = 5000
MAX_IMAGES: Final = 500
MAX_EMBEDS: Final = 100
MAX_ROWS: Final = 200
"""Number of rows of a table."""
MAX_COLUMNS: Final = 20
MAX_ITEMS: Final = 1000
"""Number of items of a list."""
MAX_CHARS: Final = 500_000
"""Characters of text; the longest known story has 120,000."""
MAX_STYLED: Final = 2000
"""Number of bold, italic or linked pieces; later ones lose their style."""

# ── a portal's answer ───────────────────────────────────────────────────────

MAX_FEED_ITEMS: Final = 3000
MAX_SITE_FEEDS: Final = 50
"""Number of feeds that a page may name."""
MAX_FRAME_BYTES: Final = 64 << 20
"""Size in bytes of a frame from a child process."""

# ── a file ──────────────────────────────────────────────────────────────────

MAX_OPML_LINES: Final = 2000
"""Number of feeds in an OPML file."""
MAX_GROUPS: Final = 20
"""Number of groups that a paper may be in."""
MAX_OPML_BYTES: Final = 4 << 20
MAX_THEME_BYTES: Final = 16 << 10
"""Size in bytes of a theme; the bundled ones have 600 at most. Reading TOML takes time by the square of a key's parts."""
MAX_STATE_BYTES: Final = 16 << 20
"""Size in bytes of a file in the state folder."""
MAX_PIPE_BYTES: Final = 1 << 30
"""Size in bytes of an exported library from a pipe."""

# ── the sync folder ─────────────────────────────────────────────────────────

MAX_FILES: Final = 200
MAX_FILE_BYTES: Final = 256 << 20
MAX_LINE_BYTES: Final = 32 << 10
MAX_LINES: Final = 2_000_000

# ── a service ───────────────────────────────────────────────────────────────

MAX_SERVICE_BYTES: Final = 64 << 20
"""Size in bytes of an answer, decoded."""
MAX_SERVICE_ITEMS: Final = 50_000
"""Number of items of a paper, or with a mark."""
