"""Format EPUB 3 (https://www.w3.org/TR/epub-33/): a chapter for each story with its saved pictures, and a table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bpost_tui.cli.export.edition import Edition
from bpost_tui.cli.export.html_page import escape_html, xhtml
from bpost_tui.model.story import SavedStory
from bpost_tui.model.story_links import display_address

_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_STYLE = """body { line-height: 1.5 }
.by, .link, figcaption { font-size: 0.85em }
img { max-width: 100% }
.link { overflow-wrap: anywhere }
table { border-collapse: collapse }
td, th { border: 1px solid; padding: 0.2em 0.4em; text-align: start }
"""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}
_MEDIA_TYPES = {ending: kind for kind, ending in _ENDINGS.items()}
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Earliest date that a Zip archive can have."""


def write(edition: Edition, file: IO[bytes]) -> None:
    """Write an edition as an EPUB to a file, which must be seekable."""
    with ZipFile(file, "w") as book:
        _add(book, edition, "mimetype", "application/epub+zip", stored=True)  # first, and uncompressed (OCF 4.2.2)
        _add(book, edition, "META-INF/container.xml", _CONTAINER)
        _add(book, edition, "EPUB/style.css", _STYLE)
        chapters: list[str] = []
        contained: list[str] = []
        pictures: dict[str, str] = {}

        def place(address: str) -> str:
            if address not in pictures and (picture := edition.picture(address)):
                pictures[address] = f"picture-{len(pictures) + 1:05}.{_ENDINGS[picture.media_type]}"
                _add(book, edition, f"EPUB/{pictures[address]}", picture.data, stored=True)
            return pictures.get(address, "")

        for section in edition.sections:
            contained += [f"<li><span>{escape_html(section.name)}</span>", "<ol>"] if section.name else []
            for story in section.stories:
                chapters.append(f"story-{len(chapters) + 1:05}")
                headline = escape_html(edition.headline(story.saved.headline))
                contained.append(f'<li><a href="{chapters[-1]}.xhtml">{headline}</a></li>')
                _add(book, edition, f"EPUB/{chapters[-1]}.xhtml", "\n".join(_chapter(edition, story.saved, place)))
            contained += ["</ol>", "</li>"] if section.name else []
        _add(book, edition, "EPUB/nav.xhtml", "\n".join(_contents(edition, contained)))
        _add(book, edition, "EPUB/package.opf", "\n".join(_package(edition, chapters, pictures.values())))


def _add(book: ZipFile, edition: Edition, name: str, text: str | bytes, *, stored: bool = False) -> None:
    info = ZipInfo(name, max(edition.made.astimezone(UTC), _EARLIEST).timetuple()[:6])
    info.external_attr = 0o644 << 16
    book.writestr(info, text, compress_type=ZIP_STORED if stored else ZIP_DEFLATED)


def _page(title: str, body: Iterable[str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<!DOCTYPE html>"
    yield '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="bn" xml:lang="bn">'
    yield f'<head><title>{escape_html(title)}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>'
    yield from ["<body>", *body, "</body>", "</html>"]


def _chapter(edition: Edition, saved: SavedStory, place: Callable[[str], str]) -> Iterator[str]:
    row = saved.headline
    head = [f"<h1>{escape_html(edition.headline(row))}</h1>", f'<p class="by">{escape_html(edition.byline(row))}</p>']
    text = xhtml(saved.blocks, place) if saved.blocks else [f"<p>{escape_html(row.excerpt)}</p>"]
    link = (
        [f'<p class="link"><a href="{escape_html(row.link)}">{escape_html(display_address(row.link))}</a></p>'] if row.link else []
    )
    return _page(edition.headline(row), [*head, *text, *link])


def _contents(edition: Edition, contained: list[str]) -> Iterator[str]:
    heading = f'<nav epub:type="toc" id="toc"><h1>{escape_html(edition.language.text("Contents"))}</h1>'
    return _page(edition.title, [heading, "<ol>", *contained, "</ol></nav>"])


def _package(edition: Edition, names: list[str], pictures: Iterable[str]) -> Iterator[str]:
    made = f"{edition.made.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="bn">'
    yield '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    yield f'<dc:identifier id="id">urn:uuid:{uuid5(NAMESPACE_URL, f"{edition.portal} {made}")}</dc:identifier>'
    yield f"<dc:title>{escape_html(f'{edition.title}, {edition.language.date(edition.made)}')}</dc:title>"
    yield f"<dc:language>bn</dc:language><dc:publisher>{escape_html(edition.title)}</dc:publisher>"
    yield f'<meta property="dcterms:modified">{made}</meta>'
    yield "</metadata>"
    yield "<manifest>"
    yield '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    yield '<item id="style" href="style.css" media-type="text/css"/>'
    yield from (f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in names)
    for picture in pictures:
        name, _, ending = picture.partition(".")
        yield f'<item id="{name}" href="{picture}" media-type="{_MEDIA_TYPES[ending]}"/>'
    yield from ["</manifest>", "<spine>", *(f'<itemref idref="{name}"/>' for name in names), "</spine>", "</package>"]
