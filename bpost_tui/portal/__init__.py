"""What the portal offers: addresses, fetching, parsing. Never imports the store or the screen."""

import sys

# httpx has a command line that it does without where it can't be imported; else that loads click, Rich and Pygments, 40 ms
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
