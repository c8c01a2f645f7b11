"""One Markdown document, a story under each heading."""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.cli.export.edition import Edition
from bpost_tui.cli.export.markdown_text import escaped, markdown


def lines(edition: Edition) -> Iterator[str]:
    """Give the lines of the document."""
    yield from [f"# {escaped(edition.title)}", "", escaped(edition.language.long_date(edition.made)), ""]
    for kept in edition.stories:
        row = kept.saved.headline
        yield from [f"## {escaped(edition.headline(row))}", "", escaped(edition.byline(row)), ""]
        yield from markdown(kept.saved.blocks, deeper=1) if kept.saved.blocks else [escaped(row.excerpt), ""]
        yield from [f"<{row.link}>", ""] if row.link else []
