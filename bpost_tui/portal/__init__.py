"""Access to a paper: addresses, fetching, parsing. Imports neither the store nor the screen."""

import sys

# httpx imports its command line, which loads click, Rich and Pygments in 40 ms. httpx works without it, so this import is made
# to fail.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
