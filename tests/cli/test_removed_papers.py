"""Tests of a paper that is removed from the config: marked stories stay in sight, and an export has everything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost
from tests.scripted_portal import PortalServer, item, rss


@pytest.fixture(params=["one paper stays", "two papers stay"])
def marked(request: pytest.FixtureRequest, bpost: Bpost, portal_server: PortalServer) -> Bpost:
    """Bpost that has removed the paper "Old", after a star, a mark to read later, a list entry and a passage in four stories."""
    alone = Bpost(bpost.home, "")
    for name, words in (("old", ("এক", "দুই", "তিন", "চার", "পাঁচ")), ("new", ("ছয়",)), ("third", ("সাত",))):
        items = [item(f"{word} হাসপাতাল", guid=word, text=f"<p>{word} নম্বর লেখা।</p>") for word in words]
        portal_server.serve(f"/{name}.xml", rss(*items))
    names = ("new", "old", "third")[: 2 + request.param.startswith("two")]
    papers = ", ".join(
        f'{{ address = "{portal_server.address}/{name}.xml", name = "{name.title()}", feed = true }}' for name in names
    )
    alone.config.write_text(f"portals = [{papers}]\n")
    alone.run("refresh")
    numbers = {row["title"].split()[0]: str(row["id"]) for row in alone.json("list", "-n", "0")}
    alone.run("mark", "star", numbers["এক"], numbers["ছয়"])
    alone.run("mark", "later", numbers["দুই"])
    alone.run("lists", "put", "Weekend", numbers["তিন"], numbers["ছয়"])
    removed = alone.run("portals", "remove", "Old")
    assert removed.stdout == "Old removed; its stories stay in the library\n"
    assert removed.stderr.startswith("3 of them stay in Starred, Read later or your lists. `bpost portals remove --unmark http")
    return alone


def words(rows: list[dict[str, str]]) -> list[str]:
    return sorted(row["title"].split()[0] for row in rows)


def test_marked_stories_of_a_removed_paper_stay_in_lists_and_searches(marked: Bpost) -> None:
    assert words(marked.json("list", "--starred")) == ["এক", "ছয়"]
    assert words(marked.json("list", "--later")) == ["দুই"]
    assert words(marked.json("list", "-l", "Weekend")) == ["ছয়", "তিন"]
    assert marked.run("lists").stdout == "2 / 2  Weekend\n"
    assert words(marked.json("search", "is:starred")) == ["এক", "ছয়"]
    assert {"এক", "দুই", "তিন"} < {*words(marked.json("search", "হাসপাতাল"))}
    assert "চার" not in words(marked.json("search", "হাসপাতাল")) + words(marked.json("list", "-n", "0"))
    assert {row["paper_name"] for row in marked.json("list", "--starred")} == {"Old", "New"}


def test_removed_paper_is_named_as_no_longer_followed(marked: Bpost, tmp_path: Path) -> None:
    listed = marked.run("list", "--starred")
    assert "Old (no longer followed)" in listed.stdout and listed.stderr == "Old (no longer followed)\n"
    assert marked.run("search", "is:later").stderr == "Old (no longer followed)\n"
    (later,) = marked.json("list", "--later")
    assert "Old (no longer followed)" in marked.run("show", str(later["id"])).stdout
    assert "Old (no longer followed) · " in marked.run("export", "--later", "--format", "markdown").stdout
    assert marked.run("list", "-n", "0").stderr == ""


def test_export_has_every_story_of_removed_papers_too(marked: Bpost, bpost: Bpost, tmp_path: Path) -> None:
    everything = json.loads(marked.run("export").stdout)
    assert {"এক", "দুই", "তিন", "চার", "পাঁচ", "ছয়"} <= {*words(everything["stories"])}
    assert len(everything["stories"]) == len({*words(everything["stories"])})
    assert {"Old", "New"} <= {paper["name"] for paper in everything["papers"]}
    searched = json.loads(marked.run("export", "-q", "হাসপাতাল").stdout)
    assert words(searched["stories"]) == words(everything["stories"])
    assert "চার" in words(json.loads(marked.run("export", "--unread").stdout)["stories"])
    (tmp_path / "all.json").write_text(json.dumps(everything))
    other = Bpost(tmp_path / "other", "")
    other.home.mkdir()
    other.config.parent.mkdir(parents=True, exist_ok=True)
    other.config.write_text(marked.config.read_text())
    other.run("import", str(tmp_path / "all.json"))
    assert words(json.loads(other.run("export").stdout)["stories"]) == words(everything["stories"])
    assert words(other.json("list", "--starred")) == ["এক", "ছয়"]


def test_marks_of_a_removed_paper_can_be_removed_together(marked: Bpost) -> None:
    assert marked.run("portals", "remove", "--unmark", "Old").stdout == "3 stories changed\n"
    assert words(marked.json("list", "--starred")) == words(marked.json("list", "-l", "Weekend")) == ["ছয়"]
    assert marked.json("list", "--later") == []
    assert marked.run("portals", "remove", "--unmark", "Nobody", code=1).stderr
    verified = marked.json("library", "verify")
    assert (verified["sound"], verified["problems"]) == (True, [])
