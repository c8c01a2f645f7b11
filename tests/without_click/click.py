"""Missing module, as on a reader's machine: the import linter needs click, but httpx with click imports its own command line."""

raise ImportError("click is not what bpost needs")
