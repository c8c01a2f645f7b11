"""One HTML page that asks no server for anything."""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.cli.export.edition import Edition
from bpost_tui.cli.export.xhtml import escaped, xhtml

_STYLE = """
:root { color-scheme: light dark }
body { max-width: 40em; margin: 2em auto; padding: 0 1em; line-height: 1.6;
  font-family: "Noto Serif Bengali", "Noto Sans Bengali", "Hind Siliguri", serif }
article { border-top: 1px solid; margin-top: 3em }
h1, h2, h3 { line-height: 1.3 }
.by, figcaption, footer { opacity: .75; font-size: .9em }
figure { margin: 1em 0 }
pre, table { overflow-x: auto; display: block }
td, th { border: 1px solid; padding: .2em .5em; text-align: start }
a { overflow-wrap: anywhere }
"""


def lines(edition: Edition) -> Iterator[str]:
    """Give the lines of the page."""
    title = escaped(edition.title)
    yield from ["<!DOCTYPE html>", '<html lang="bn">', "<head>", '<meta charset="utf-8"/>']
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
    yield """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>"""
    yield from [f"<title>{title}</title>", f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>"]
    yield f'<p class="by" lang="{edition.language.code}">{escaped(edition.language.long_date(edition.made))}</p>'
    for kept in edition.stories:
        row = kept.saved.headline
        yield f'<article id="s{row.id}">'
        yield f"<h2>{escaped(edition.headline(row))}</h2>"
        yield f'<p class="by" lang="{edition.language.code}">{escaped(edition.byline(row))}</p>'
        yield from xhtml(kept.saved.blocks, deeper=1) if kept.saved.blocks else [f"<p>{escaped(row.excerpt)}</p>"]
        yield from [f'<footer><a href="{escaped(row.link)}">{escaped(row.link)}</a></footer>'] if row.link else []
        yield "</article>"
    yield from ["</body>", "</html>"]
