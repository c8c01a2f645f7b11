"""Not there, as on a reader's machine: the import linter needs click, and httpx where it finds it imports its own command line."""

raise ImportError("click is not what bpost needs")
