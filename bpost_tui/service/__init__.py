"""A reader's server of feeds (Miniflux, FreshRSS and others) that speaks the Google Reader API: asking it, and whose mark holds."""

import sys

# httpx has a command line that it does without where it can't be imported; else that loads click, Rich and Pygments, 40 ms
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
