"""Sitemaps for tests: Google's schema for news, an index, and the sitemaps that a WordPress makes by itself."""

from __future__ import annotations

from collections.abc import Iterable

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_CORE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_GOOGLE = "http://www.google.com/schemas/sitemap"
_NEWS = f'xmlns="{_CORE}" xmlns:news="{_GOOGLE}-news/0.9" xmlns:image="{_GOOGLE}-image/1.1"'


def entry(address: str, title: str = "", date: str = "2026-11-24T09:30:00+05:30", *, more: str = "", name: str = "কাগজ") -> str:
    """Return an entry of a news sitemap; all arguments are XML. Without a title, it is an entry without news."""
    publication = f"<news:publication><news:name>{name}</news:name><news:language>bn</news:language></news:publication>"
    dated = f"<news:publication_date>{date}</news:publication_date>" if date else ""
    news = f"<news:news>{publication}{dated}<news:title>{title}</news:title></news:news>" if title else ""
    return f"<url><loc>{address}</loc>{news}{more}</url>"


def picture(address: str) -> str:
    return f"<image:image><image:loc>{address}</image:loc><image:title>ছবি</image:title></image:image>"


def news_sitemap(*entries: str, before: str = _HEAD) -> bytes:
    return f"{before}<urlset {_NEWS}>{''.join(entries)}</urlset>".encode()


def sitemap_index(*files: tuple[str, str]) -> bytes:
    """Return an index of (address, date) pairs; "" leaves the date out."""
    return f'{_HEAD}<sitemapindex xmlns="{_CORE}">{"".join(map(_file, files))}</sitemapindex>'.encode()


def wordpress_sitemaps(home: str, posts: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    """Return the sitemaps that WordPress 6.8 makes by itself, by path, for posts given by address and date of change."""
    style = '<?xml-stylesheet type="text/xsl" href="{}/wp-sitemap{}.xsl" ?>\n'
    names = ("posts-post-1", "posts-page-1", "taxonomies-category-1", "users-1")
    listed = "".join(_file((f"{home}/wp-sitemap-{name}.xml", "")) for name in names)
    core = f'xmlns="{_CORE}"'
    entries = "".join(f"<url><loc>{address}</loc><lastmod>{date}</lastmod></url>" for address, date in posts)
    files = {name: f"{_HEAD}\n{style.format(home, '')}<urlset {core}></urlset>" for name in names}
    files[names[0]] = f"{_HEAD}\n{style.format(home, '')}<urlset {core}>{entries}</urlset>"
    index = f"{_HEAD}\n{style.format(home, '-index')}<sitemapindex {core}>{listed}</sitemapindex>"
    return {"/wp-sitemap.xml": index.encode(), **{f"/wp-sitemap-{name}.xml": text.encode() for name, text in files.items()}}


def _file(file: tuple[str, str]) -> str:
    address, date = file
    return f"<sitemap><loc>{address}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</sitemap>"
