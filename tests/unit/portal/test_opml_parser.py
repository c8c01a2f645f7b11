"""Feeds from the bytes of an OPML file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.cli.shared.opml_files import paper_of, read_opml, to_opml
from bpost_tui.config import PortalSetting
from bpost_tui.errors import ContentError, UsageError
from bpost_tui.limits import MAX_OPML_BYTES, MAX_OPML_LINES
from bpost_tui.model.sanitize import clean_line
from bpost_tui.portal.feed.opml_parser import parse_opml
from bpost_tui.portal.parse_results import OutlineFeed

DATA = Path(__file__).parents[2] / "data" / "opml"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def listed(body: str) -> bytes:
    return f'<opml version="2.0"><body>{body}</body></opml>'.encode()


def feed(address: str, title: str = "ক", more: str = "") -> str:
    return f'<outline type="rss" title="{title}" xmlUrl="{address}" {more}/>'


def test_parse_opml_reads_newsboats_export() -> None:
    found = parse_opml((DATA / "newsboat.opml").read_bytes())
    assert found.feeds == (
        OutlineFeed("https://a.example/feed/", "জেলার খবর & আরও", "https://a.example/", 7, type="rss"),
        OutlineFeed("https://b.example/rss.xml?lang=bn&full=1", "B", "https://b.example/bn", 8, type="rss"),
        OutlineFeed("https://c.example/atom.xml", "", "", 10, type="rss"),
    )
    assert found.unreadable == (OutlineFeed("exec:~/bin/fetch-news", "of a script", "", 9),)
    assert [each.title for each in parse_opml((DATA / "newsboat-2.opml").read_bytes()).feeds] == ["জেলার খবর", "শুধু text"]


def test_parse_opml_reads_eilmeldungs_export_with_folders() -> None:
    found = parse_opml((DATA / "eilmeldung.opml").read_bytes())
    assert [(each.title, each.line, each.groups) for each in found.feeds] == [
        ("জেলার খবর", 9, ("পশ্চিমবঙ্গ / জেলা",)),
        ("B", 11, ("পশ্চিমবঙ্গ",)),
        ("JSON", 13, ()),
    ]
    assert found.unreadable == ()


def test_opml_folders_and_categories_are_groups() -> None:
    found = parse_opml((DATA / "categories.opml").read_bytes())
    assert [(each.title, each.groups) for each in found.feeds] == [
        ("A", ("বিশ্ব", "খেলা / ক্রিকেট", "ব্যবসা")),
        ("B", ("বিশ্ব / এশিয়া",)),
        ("B", ("ব্যবসা & বাজার",)),
        ("C", ()),
    ]


def test_newsboat_tags_are_groups() -> None:
    found = parse_opml((DATA / "newsboat-urls").read_bytes())
    assert found.feeds == (
        OutlineFeed("https://a.example/rss.xml", "A, as I call it", "", 2, ("বিশ্ব", "sport")),
        OutlineFeed("https://b.example/rss.xml", "", "", 3, ('a "quoted" tag',)),
        OutlineFeed("https://c.example/rss.xml", "", "", 6),
    )
    assert [each.address for each in found.unreadable] == ["query:Unread:unread"]


def test_parse_opml_sanitizes_addresses_and_titles() -> None:
    (only,) = parse_opml(listed(feed("HTTPS://u:p@A.example/x#y", "a&#x9b;&#x202e;b&#10;c"))).feeds
    assert only == OutlineFeed("https://a.example/x", "ab c", "", 1, type="rss")


@pytest.mark.parametrize(("codec", "title"), [("utf-8", "ক"), ("utf-16", "ক"), ("iso-8859-1", "é"), ("rot13", "ক")])
def test_parse_opml_reads_other_encodings(codec: str, title: str) -> None:
    text = f'<?xml version="1.0" encoding="{codec}"?><opml><body>{feed("https://a.example/x", title)}</body></opml>'
    assert parse_opml(text.encode("utf-8" if codec == "rot13" else codec)).feeds[0].title == title


ENTITY = '<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
BROKEN = [
    (b"", "line 1: not well-formed (no element found)"),
    (b"<opml><body>\n<outline></opml>", "line 2: not well-formed (mismatched tag)"),
    (b"<rss></rss>", "not an OPML file"),
    (b"<html>", "not an OPML file"),
    (f"<?xml version='1.0'?>\n{ENTITY}<opml>&a;&x;</opml>".encode(), "line 2: an OPML file has no DOCTYPE"),
    (listed("<outline>" * 100), "line 1: nested too deeply"),
    (listed(feed("https://a.example/") * (MAX_OPML_LINES + 1)), f"more than {MAX_OPML_LINES:,} feeds"),
    (b"<opml a='&b;'/>", "line 1: not well-formed (undefined entity)"),
]


@pytest.mark.parametrize(("body", "expected"), BROKEN)
def test_parse_opml_error_names_the_place(body: bytes, expected: str) -> None:
    with pytest.raises(ContentError) as raised:
        parse_opml(body)
    assert str(raised.value.message).replace(str(MAX_OPML_LINES), f"{MAX_OPML_LINES:,}").startswith(expected)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: listed(text)))
def test_parse_opml_of_any_bytes_gives_feeds_or_a_one_line_error(body: bytes) -> None:
    try:
        parse_opml(body)
    except ContentError as error:
        assert "\n" not in error.message


def test_read_opml_uses_the_parser_process(tmp_path: Path) -> None:
    assert len(read_opml(str(DATA / "newsboat.opml"), NOW).feeds) == 3
    (tmp_path / "bad.opml").write_bytes(b"<opml>\n&")
    with pytest.raises(ContentError, match=r"bad\.opml: line 2: not well-formed"):
        read_opml(str(tmp_path / "bad.opml"), NOW)
    (tmp_path / "big.opml").write_bytes(b" " * (MAX_OPML_BYTES + 1))
    with pytest.raises(ContentError, match="too big"):
        read_opml(str(tmp_path / "big.opml"), NOW)
    with pytest.raises(UsageError, match="No such file"):
        read_opml(str(tmp_path / "none"), NOW)


def test_paper_of_an_outline_is_a_wordpress_portal_or_the_feed() -> None:
    found = [paper_of(each) for each in parse_opml((DATA / "newsboat.opml").read_bytes()).feeds]
    assert found == [
        PortalSetting("https://a.example", "জেলার খবর & আরও"),
        PortalSetting("https://b.example/rss.xml?lang=bn&full=1", "B", kind="feed"),
        PortalSetting("https://c.example/atom.xml", kind="feed"),
    ]


@given(st.lists(st.text(max_size=100), min_size=1, max_size=5), st.booleans(), st.lists(st.text(max_size=20), max_size=1))
def test_written_opml_is_read_back_unchanged(names: list[str], is_feed: bool, groups: list[str]) -> None:
    called = [clean_line(name, 120) for name in names]
    papers = [
        PortalSetting(
            f"https://p{at}.example" + ("/rss?a=1&b=<2>" if is_feed else ""), name, kind="feed" if is_feed else "wordpress"
        )
        for at, name in enumerate(called)
    ]
    papers = [paper._replace(groups=tuple(filter(None, (clean_line(group, 120) for group in groups)))) for paper in papers]
    papers = [paper._replace(address=paper.address.replace("<", "%3C").replace(">", "%3E")) for paper in papers]
    assert [paper_of(each) for each in parse_opml(to_opml(papers, called, "ক & <খ>").encode()).feeds] == papers
