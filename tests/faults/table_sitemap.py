"""Faults of papers without a feed: their news sitemaps and indexes of such."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from tests.faults.fault import BAD_FEED, BAD_NET, XML, Fault, Serve, Stage, entry_of, sitemap
from tests.faults.fault_portal import HTML, Reply, answer, head
from tests.sitemaps import entry, picture, sitemap_index

_XML = "application/xml; charset=UTF-8"
_MAX_ENTRIES = 50_000


def sitemaps(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("sitemap", f"sitemap-{name}", rule, serve, **{"is_sitemap": True, **more})  # type: ignore[arg-type]


def refused(name: str, rule: str, serve: Serve, stderr: str, *, code: int = BAD_FEED, **more: object) -> Fault:
    return sitemaps(name, rule, serve, stderr=stderr, codes=(code,), **{"news": False, **more})


def _files(make: Callable[[Stage], dict[str, Reply]]) -> Serve:
    """Return a function that serves the files that `make` returns by their paths."""

    def serve(stage: Stage) -> None:
        for path, reply in make(stage).items():
            stage.portal.set_reply(path, reply)

    return serve


def _body(make: Callable[[], str | bytes], status: str = "200 OK", content_type: str = _XML) -> Serve:
    def make_files(stage: Stage) -> dict[str, Reply]:
        body = make()
        return {"/news.xml": answer(stage.fill(body) if isinstance(body, str) else body, status, content_type)}

    return _files(make_files)


def _between(*entries: str, before: str = XML) -> Serve:
    """Return a function that serves entries between those of posts 9 and 10; `before` is the text before the root element."""
    return _body(lambda: sitemap(entry_of(9), *entries, entry_of(10), before=before))


def _index(*files: tuple[str, str], **bodies: str) -> Serve:
    """Return a function that serves an index of (address, date) pairs, and bodies of files by name."""

    def make(stage: Stage) -> dict[str, Reply]:
        index = stage.fill(sitemap_index(*files).decode())
        others = {f"/{name}.xml": answer(stage.fill(body), "200 OK", _XML) for name, body in bodies.items()}
        return {"/news.xml": answer(index, "200 OK", _XML), **others}

    return _files(make)


def _redirected_file(stage: Stage) -> dict[str, Reply]:
    index = stage.fill(sitemap_index(("@portal@/today.xml", "")).decode())
    moved = head("302 Found", HTML, f"Location: {stage.sentinel.address}/today.xml")
    return {"/news.xml": answer(index, "200 OK", _XML), "/today.xml": moved}


def _zipped(stage: Stage) -> dict[str, Reply]:
    body = gzip.compress(stage.fill(sitemap(entry_of(9), entry_of(10))).encode())
    return {"/news.xml": answer(body, "200 OK", "application/gzip")}


def _old(number: int) -> str:
    return entry(f"@portal@/old-{number}/", f"পুরনো {number}", "2020-01-01T00:00:00Z")


_GOOD = sitemap(entry_of(9), entry_of(10))
_LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 11))

FAULTS = (
    sitemaps("gzip-file", "A sitemap that is a gzip file is read", _files(_zipped)),
    refused(
        "gzip-bomb",
        "A gzip file of 1 GB is refused",
        _body(lambda: gzip.compress(b" " * (1 << 30), 9), content_type="application/gzip"),
        "too big",
        heavy=True,
    ),
    refused("gzip-cut", "A gzip file without its end is refused", _body(lambda: gzip.compress(_GOOD.encode())[:-20]), "damaged"),
    refused(
        "gzip-twice", "A gzip file in another is none", _body(lambda: gzip.compress(gzip.compress(b"<urlset/>"))), "not a sitemap"
    ),
    sitemaps(
        "index",
        "Of an index only the newest file is read",
        _index(("@portal@/old.xml", "2020-01-01"), ("@portal@/today.xml", "2026-11-24"), old=sitemap(_old(1)), today=_GOOD),
        unrequested="/old.xml",
        hides=("পুরনো",),
    ),
    refused(
        "index-of-indexes",
        "An index in an index is refused",
        _index(("@portal@/other.xml", ""), other=sitemap_index(("@portal@/deep.xml", "")).decode(), deep=_GOOD),
        "an index of sitemaps in another",
        unrequested="/deep.xml",
    ),
    refused(
        "index-loop",
        "An index that an index lists, and that lists the first, is read once",
        _index(("@portal@/other.xml", ""), other=sitemap_index(("@portal@/news.xml", "")).decode()),
        "an index of sitemaps in another",
        check=lambda seen: len(seen.stage.portal.requests) == 2,
    ),
    refused(
        "index-of-itself",
        "An index that lists only itself lists nothing",
        _index(("@portal@/news.xml", "")),
        "lists no sitemap of this site",
        check=lambda seen: len(seen.stage.portal.requests) == 1,
    ),
    refused(
        "index-foreign",
        "Files on other hosts aren't asked for",
        _index(("@sentinel@/a.xml", ""), ("@foreign@/b.xml", ""), ("http://169.254.169.254/", "")),
        "lists no sitemap of this site",
    ),
    refused("index-redirect", "Nor is one that a file redirects to", _files(_redirected_file), "another site", code=BAD_NET),
    refused("index-file-gone", "A newest file that is missing is one line", _index(("@portal@/gone.xml", "")), "404", code=BAD_NET),
    sitemaps(
        "50000-addresses",
        "Of 50,000 addresses the newest arrive",
        _body(lambda: sitemap(*map(_old, range(_MAX_ENTRIES - 2)), entry_of(9), entry_of(10))),
        heavy=True,
    ),
    sitemaps(
        "60000-addresses",
        "Of more, the first 50,000 are read, and it is reported",
        _body(lambda: sitemap(entry_of(9), entry_of(10), *map(_old, range(_MAX_ENTRIES)))),
        stderr="only the first 50,000 addresses",
        codes=(BAD_FEED,),
        heavy=True,
    ),
    sitemaps(
        "foreign-addresses",
        "Addresses on other hosts are left out",
        _between(
            *(entry(at, "বাইরের") for at in ("@sentinel@/a", "@foreign@/a", "http://127.0.0.1/a", "file:///etc/passwd")),
            entry("javascript:alert(1)", "বাইরের"),
            entry("@portal@.evil.example/a", "বাইরের"),
        ),
        hides=("বাইরের",),
    ),
    sitemaps(
        "foreign-picture",
        "A picture in the reader's own network isn't asked for",
        _between(entry("@portal@/khobor-11/", "ছবি", more=picture("@sentinel@/p.png"))),
        shows=("ছবি",),
    ),
    sitemaps(
        "no-zone", "A date without a zone is UTC", _between(entry_of(11, date="2026-11-20T06:00:00")), shows=("2026-11-20T06:00",)
    ),
    *(
        sitemaps(f"date-{name}", "A story without a readable date arrives", _between(entry_of(11, date=date)), shows=("খবর ১১",))
        for name, date in (("none", ""), ("odd", "গতকাল"), ("future", "2999-01-01T00:00:00Z"), ("year-0", "0000-00-00"))
    ),
    sitemaps(
        "lastmod",
        "A changed `lastmod` changes no story",
        lambda stage: stage.portal.set_reply(
            "/news.xml",
            lambda request: answer(
                stage.fill(
                    sitemap(*(entry_of(n, more=f"<lastmod>2026-11-24T00:00:0{request.number}Z</lastmod>") for n in (9, 10)))
                ),
                "200 OK",
                _XML,
            ),
        ),
        steady=True,
    ),
    sitemaps(
        "doubles",
        "An address that is listed twice is one story",
        _between(entry_of(11), entry_of(11), entry_of(11).replace("/khobor-11/", "/khobor-11/?utm_source=news")),
        check=lambda seen: "3 new" in seen.out,
    ),
    sitemaps(
        "laughs",
        "Entities are never expanded",
        _between(entry_of(11, "&l10;"), before=f'{XML}<!DOCTYPE urlset [<!ENTITY l0 "lol">{_LAUGHS}]>'),
        hides=("lollol",),
        heavy=True,
    ),
    sitemaps(
        "xxe",
        "No file and no other host is read",
        _between(
            entry_of(11, "&x;&y;"),
            before=f'{XML}<!DOCTYPE urlset [<!ENTITY x SYSTEM "@sentinel@/x"><!ENTITY y SYSTEM "file:///etc/passwd">]>',
        ),
        hides=("root:",),
    ),
    sitemaps("controls", "Titles have no controls", _between(entry_of(11, "\x1b[31mলাল\x9b2J&#27;]0;x&#7;")), shows=("লাল",)),
    sitemaps("comment", "An entry in a comment is none", _between(f"<!-- {entry_of(11, 'মন্তব্য')} -->"), hides=("মন্তব্য",)),
    sitemaps(
        "malformed",
        "A malformed entry hides no other, and is reported",
        _between("<url><loc>@portal@/khobor-11/</loc><news:news><news:title>ভাঙা</news:news></url>"),
        codes=(BAD_FEED,),
        stderr="not well-formed",
    ),
    sitemaps(
        "cut",
        "An entry without its end is left out, and it is reported",
        _body(lambda: sitemap(entry_of(9), entry_of(10), entry_of(11))[:-40]),
        codes=(BAD_FEED,),
        stderr="ends in the middle",
        hides=("খবর ১১",),
    ),
    sitemaps(
        "long-address",
        "An address of 10,000 characters is no address",
        _between(entry(f"@portal@/{'x' * 10_000}", "লম্বা")),
        hides=("লম্বা",),
    ),
    sitemaps(
        "open-tags",
        "500,000 entries that are never closed are none",
        _between("<url><loc>" * 500_000),
        codes=(0, BAD_FEED),
        news=False,
        heavy=True,
    ),
    refused(
        "no-news",
        "A sitemap without news is refused",
        _body(lambda: '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>@portal@/a</loc></url></urlset>'),
        "lists no news",
    ),
    sitemaps("empty", "A news sitemap without entries is no fault: it lists two days", _body(sitemap), news=False),
    refused("page", "A web page is no sitemap", _body(lambda: "<!doctype html><p>x", content_type=HTML), "not a sitemap"),
    refused("gone", "A missing sitemap is one line", _body(lambda: "", "404 Not Found", HTML), "404", code=BAD_NET),
)
