"""Limits on data from outside: from feeds, portals, files, other machines and the parser process.

The lengths of texts are in model/sanitize.py, and the sizes of bodies in portal/http/client.py.
"""

from __future__ import annotations

from typing import Final

# ── a text of JSON or TOML (untrusted.py) ─────────────────────────────────────

MAX_DEPTH: Final = 64
"""Maximum depth of nested lists and objects. The deepest value that bpost itself writes has 8 levels."""
MAX_VALUES: Final = 1_000_000
"""Maximum number of values in a JSON or TOML text. A text with this number of values takes about 100 MB of memory."""
MAX_VALUE_CHARS: Final = 16 << 20
"""Maximum number of characters of one value in a JSON text that is read value by value, such as an imported file."""

# ── a reader's library ──────────────────────────────────────────────────────

MAX_PAPERS: Final = 10_000
MAX_STORIES: Final = 1_000_000
MAX_IMPORTED_REVISIONS: Final = 1000
"""Maximum number of revisions (earlier versions) of a story that are read from an imported file."""
MAX_SEARCHES: Final = 1000
MAX_LISTS: Final = 200
MAX_PASSAGES: Final = 100_000
MAX_MUTES: Final = 500
"""Maximum number of mutes (hidden words, tags, categories or authors) of each kind. If there are more, the latest apply."""
MAX_QUERY_CHARS: Final = 2000

# ── a story ─────────────────────────────────────────────────────────────────

MAX_TERMS: Final = 100
"""Maximum number of categories of a story, and maximum number of its tags."""
MAX_BLOCKS: Final = 5000
MAX_IMAGES: Final = 500
MAX_EMBEDS: Final = 100
MAX_ROWS: Final = 200
"""Maximum number of rows of a table."""
MAX_COLUMNS: Final = 20
MAX_ITEMS: Final = 1000
"""Maximum number of items of a list in a story."""
MAX_CHARS: Final = 500_000
"""Maximum number of characters in a story's text. The longest known story has 120,000."""
MAX_STYLED: Final = 2000
"""Maximum number of pieces of a story's text that are bold, italic or linked. Further pieces become plain text."""

# ── a portal's answer ───────────────────────────────────────────────────────

MAX_FEED_ITEMS: Final = 3000
MAX_SITE_FEEDS: Final = 50
"""Maximum number of feeds that a web page may name."""
MAX_SITEMAP_BYTES: Final = 16 << 20
"""Maximum size in bytes of a sitemap that comes as a gzip file, after decompression."""
MAX_SITEMAP_ENTRIES: Final = 50_000
"""Maximum number of addresses that are read from a sitemap. sitemaps.org sets the same limit."""
MAX_SITEMAP_STORIES: Final = 1000
"""Maximum number of a sitemap's entries that become stories; the newest are used. Google has the same limit."""
MAX_SITEMAP_FILES: Final = 20
"""Maximum number of sitemaps that are read from an index of sitemaps, or from a site's `robots.txt`."""
MAX_FRAME_BYTES: Final = 64 << 20
"""Maximum size in bytes of a frame (a message with its length) from a child process."""

# ── a file ──────────────────────────────────────────────────────────────────

MAX_OPML_LINES: Final = 2000
"""Maximum number of feeds in an OPML file, a list of subscriptions."""
MAX_GROUPS: Final = 20
"""Maximum number of groups that a paper may be in."""
MAX_OPML_BYTES: Final = 4 << 20
MAX_THEME_BYTES: Final = 16 << 10
"""Maximum size in bytes of a theme file. The bundled files have at most 600 bytes.

The limit is low because the time to read TOML grows with the square of the number of parts in a key.
"""
MAX_STATE_BYTES: Final = 16 << 20
"""Maximum size in bytes of a file in the state folder."""
MAX_PIPE_BYTES: Final = 1 << 30
"""Maximum size in bytes of an exported library that is read from a pipe."""

# ── the sync folder ─────────────────────────────────────────────────────────

MAX_FILES: Final = 200
MAX_FILE_BYTES: Final = 256 << 20
MAX_LINE_BYTES: Final = 32 << 10
MAX_LINES: Final = 2_000_000

# ── a service ───────────────────────────────────────────────────────────────

MAX_SERVICE_BYTES: Final = 16 << 20
"""Maximum size in bytes of an answer from a server of feeds, both as received and after decompression."""
MAX_SERVICE_IDS_BYTES: Final = 4 << 20
"""Maximum size in bytes of a list of story ids that a server of feeds sends; 50,000 ids take 3 MB."""
MAX_SERVICE_ITEMS: Final = 50_000
"""Maximum number of a paper's stories whose ids are read from a server of feeds; the newest are read."""
MAX_SERVICE_ITEMS_IN_ALL: Final = 200_000
"""Number of stories on a server of feeds after which no further paper is read from it; marks of such papers aren't synced.

It is also the maximum number of unread stories on the server, of starred stories, and of stories to read later. If one of these
lists is longer, the sync fails.
"""
