"""Tests of every verb against a real server."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.model.blocks_json import blocks_from_json
from bpost_tui.store.library import Library
from tests.cli.bpost_process import NOBODY, Bpost

STORY = {
    "id": int,
    "guid": str,
    "title": str,
    "tag": str,
    "link": str | None,
    "author": str,
    "published": str,
    "modified": str | None,
    "categories": list,
    "excerpt": str,
    "read": bool,
    "starred": bool,
    "later": bool,
    "full": bool,
    "updated": str | None,
    "withdrawn": str | None,
    "changed": dict | None,
    "paper": str,
    "paper_name": str,
}


def check_story(story: dict[str, object], more: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    assert set(story) == {*STORY, *more}
    for name, kind in STORY.items():
        assert isinstance(story[name], kind), name
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(story["published"]))
    for category in story["categories"]:  # type: ignore[attr-defined]
        assert set(category) == {"slug", "name"}


# ── refresh ─────────────────────────────────────────────────────────────────


def test_refresh_reports_new_stories_and_then_none(bpost: Bpost) -> None:
    first = bpost.json("refresh")
    assert first == {"fetched": 10, "new": 10, "updated": 0, "withdrawn": 0, "errors": []}
    assert bpost.json("refresh") == {"fetched": 0, "new": 0, "updated": 0, "withdrawn": 0, "errors": []}
    assert bpost.run("refresh").stdout == "Nothing new\n"


def test_refresh_fetches_all_pages_of_a_category(bpost: Bpost) -> None:
    result = bpost.run("refresh", "--category", "festival", "--pages", "all")
    assert re.fullmatch(r"\d+ new stor(y|ies)\n", result.stdout)
    assert result.stderr == ""
    rows = bpost.json("list", "-c", "festival")
    assert rows and all("festival" in {category["slug"] for category in row["categories"]} for row in rows)


def test_refresh_reports_an_unreachable_portal(bpost: Bpost) -> None:
    result = bpost.run("--portal", NOBODY, "refresh", code=3)
    assert result.stdout == ""
    assert result.stderr.startswith(f"{NOBODY}/feed: ")
    result = bpost.run("refresh", "--json", "--portal", NOBODY, code=3)
    answer = json.loads(result.stdout)
    assert (answer["fetched"], answer["new"], answer["updated"]) == (0, 0, 0)
    assert answer["errors"][0]["address"] == f"{NOBODY}/feed"


def test_refresh_offline_sends_no_request(bpost: Bpost) -> None:
    for arguments in (("--offline", "refresh"), ("refresh", "--offline")):
        assert "offline" in bpost.run(*arguments, code=3).stderr


# ── list, categories, unread ────────────────────────────────────────────────


def test_list_as_json_has_the_documented_shape(reading: Bpost) -> None:
    rows = reading.json("list", "-n", "100")
    assert len(rows) >= 12
    for row in rows:
        check_story(row)
    published = [row["published"] for row in rows]
    assert published == sorted(published, reverse=True)
    assert len(reading.json("list", "-n", "3")) == 3
    assert reading.json("list", "-n", "0") == rows


def test_list_prints_a_line_per_story(reading: Bpost) -> None:
    lines = reading.run("list", "-n", "5").stdout.splitlines()
    assert len(lines) == 5
    for line, row in zip(lines, reading.json("list", "-n", "5"), strict=True):
        assert re.match(rf" *{row['id']} ●", line)
        assert line.endswith(row["title"])


def test_list_when_in_bengali_has_bengali_ages(reading: Bpost) -> None:
    assert "আগে" in reading.run("list", LANG="bn_IN.UTF-8").stdout
    assert "আগে" in reading.run("list", "--language", "bn").stdout
    assert "ago" in reading.run("--language", "en", "list", LANG="bn_IN.UTF-8").stdout


def test_list_filters_unread_and_starred(saved: Bpost) -> None:
    first, second = saved.json("list", "-n", "2")
    folder = next(saved.data.iterdir())
    with Library(folder) as library:  # open, as a running reader keeps it, while the command line runs
        library.set_mark("read", [first["id"]], True, now=datetime.now(UTC))
        library.set_mark("starred", [second["id"]], True, now=datetime.now(UTC))
        assert [row["id"] for row in saved.json("list", "--starred")] == [second["id"]]
        assert first["id"] not in [row["id"] for row in saved.json("list", "--unread")]
        assert saved.run("unread", "--count").stdout == "15\n"
        assert "★" in saved.run("list", "-n", "2").stdout


def test_list_of_an_empty_library_suggests_a_command(bpost: Bpost) -> None:
    result = bpost.run("list")
    assert result.stdout == ""
    assert "bpost refresh" in result.stderr
    assert bpost.json("list") == []


def test_categories_as_json_count_saved_and_unread(reading: Bpost) -> None:
    categories = reading.json("categories")
    assert len(categories) >= 5
    for category in categories:
        assert set(category) == {"slug", "name", "parent", "count", "saved", "unread", "paper", "paper_name"}
        assert category["saved"] == len(reading.json("list", "-c", category["slug"], "-n", "100")) == category["unread"]
        break
    lines = reading.run("categories").stdout.splitlines()
    assert len(lines) == len(categories)
    assert categories[0]["slug"] in lines[0] and categories[0]["name"] in lines[0]


# ── show, open ──────────────────────────────────────────────────────────────


def test_show_as_json_adds_text_and_blocks(reading: Bpost) -> None:
    row = reading.json("list", "-n", "1")[0]
    story = reading.json("show", str(row["id"]))
    check_story(story, {"text", "blocks", "source", "text_end"})
    assert {name: story[name] for name in row} == row
    assert blocks_from_json(story["blocks"])
    assert "\n\n" in story["text"]


def test_show_as_json_leaves_bengali_unescaped(reading: Bpost) -> None:
    printed = reading.run("show", "1", "--json").stdout
    assert "\\u09" not in printed
    assert re.search("[\u0985-\u09b9]", printed)


def test_show_takes_number_link_or_guid(reading: Bpost) -> None:
    row = reading.json("list", "-n", "1")[0]
    pages = {reading.run("show", wanted).stdout for wanted in (str(row["id"]), row["link"], row["link"] + "/amp", row["guid"])}
    assert len(pages) == 1


def test_show_wraps_text_to_the_width(reading: Bpost) -> None:
    reading.config.write_text("text_width = 40\n")
    try:
        lines = reading.run("show", "1").stdout.splitlines()
    finally:
        reading.config.unlink()
    link = lines.pop()
    assert link.startswith("http://127.0.0.1")
    assert lines and max(map(len, lines)) <= 60
    assert reading.run("show", "1").stdout.split() == [*" ".join(lines).split(), link]


def test_show_plain_does_not_wrap(reading: Bpost) -> None:
    story = reading.json("show", "1")
    assert reading.run("show", "1", "--plain").stdout == f"{story['title']}\n\n{story['text']}\n"


@pytest.mark.parametrize("wanted", ["9999", "http://example.org/x", "", "%", "-- '", "1' OR 1", "\udce0"])
def test_show_of_an_unknown_story_is_not_found(reading: Bpost, wanted: str) -> None:
    assert reading.run("show", "--", wanted, code=1).stderr.startswith("bpost: ")


def test_open_gives_only_the_address_to_the_named_browser(saved: Bpost, tmp_path: Path) -> None:
    row = saved.json("list", "-n", "1")[0]
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/arguments\n')
    browser.chmod(0o755)
    saved.run("open", str(row["id"]), BROWSER=f"/no/such:{browser} --new %s")
    assert (tmp_path / "arguments").read_text().splitlines() == ["--new", row["link"]]
    saved.run("open", str(row["id"]), BROWSER=str(browser))
    assert (tmp_path / "arguments").read_text().splitlines() == [row["link"]]


@pytest.mark.parametrize("link", ["file:///etc/passwd", "javascript:alert(1)", "--help", None])
def test_open_rejects_an_address_outside_the_web(saved: Bpost, tmp_path: Path, link: str | None) -> None:
    folder = next(saved.data.iterdir())
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:  # saving refuses such a link, so write it past the library
        db.execute("UPDATE stories SET link = ? WHERE id = 1", (link,))
    saved.run("open", "1", code=1, BROWSER=f"touch {tmp_path}/opened")
    assert not (tmp_path / "opened").exists()


def test_open_without_a_browser_explains_how_to_name_one(reading: Bpost, tmp_path: Path) -> None:
    assert "BROWSER" in reading.run("open", "1", code=1, PATH=str(tmp_path)).stderr


def test_failing_browser_is_named_without_its_own_words(reading: Bpost, tmp_path: Path) -> None:
    browser = tmp_path / "xdg-open"
    browser.write_text("#!/bin/sh\necho 'xdg-open: no method available' >&2; exit 3\n")
    browser.chmod(0o755)
    words = reading.run("open", "1", code=1, PATH=f"{tmp_path}:/usr/bin:/bin", BROWSER=None).stderr
    assert words.startswith("bpost: xdg-open: couldn't open ") and "no method" not in words
    assert words.endswith("Set BROWSER to the command of a browser.\n")


def test_show_with_links_lists_each_with_its_real_address(reading: Bpost) -> None:
    row = next(row for row in reading.json("list", "-n", "100") if row["title"].startswith("bpost: এ"))
    for plain in ((), ("--plain",)):
        result = reading.run("show", str(row["id"]), "--links", *plain).stdout
        story = reading.run("show", str(row["id"]), *plain).stdout
        assert result.startswith(story)
        links = result[len(story) :].split("\n")[1:-1]
        assert [link.split()[0] for link in links] == ["1.", "2.", "3."]
        assert links[1] == f"2. ইন্টারনেট না থাকলে কী ভাবে পড়বেন <{reading.portal}/education/how-to-read-without-a-network.html>"


def test_list_since_a_day_omits_older_stories(saved: Bpost) -> None:
    rows = saved.json("list", "-n", "100")
    day = sorted(row["published"] for row in rows)[len(rows) // 2][:10]
    found = saved.json("list", "-n", "100", "--since", day)
    assert 0 < len(found) < len(rows) and found == rows[: len(found)]
    assert len(saved.json("list", "--since", day, "-n", "1")) == 1
