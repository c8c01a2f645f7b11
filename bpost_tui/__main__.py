"""Start bpost: `python -m bpost_tui`, and the `bpost` command."""


def main() -> None:
    """Run the command line."""
