"""Editing the papers in the text of a config file, without changing anything else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.config import PortalSetting
from bpost_tui.config.edit_portals import with_address, with_name, with_papers, without_paper
from bpost_tui.errors import UsageError
from bpost_tui.urls import portal_key

OURS = "https://thebengalpost.net"
FEED = PortalSetting("https://b.example/rss.xml?a=1", 'বি "কাগজ"', ("খেলা", "x"), 60, kind="feed")
FEED_TABLE = {"address": FEED.address, "name": FEED.name, "categories": ["খেলা", "x"], "refresh_minutes": 60, "kind": "feed"}
REST = 'theme = "night"  # dark\n\n[mute]   # never\nwords = ["ক"]\n# the end\n'


def added(text: str, *papers: PortalSetting) -> str:
    return with_papers(text, papers)


def test_with_papers_without_a_file_begins_with_the_default_portal() -> None:
    assert tomllib.loads(added("", FEED)) == {"portals": [OURS, FEED_TABLE]}


def test_with_papers_turns_the_portal_into_a_list_with_its_comment() -> None:
    text = added(f'# mine\nportal = "https://a.example"  # the first\n{REST}', PortalSetting("https://c.example"))
    assert text == f'# mine\nportals = ["https://a.example", "https://c.example"]  # the first\n{REST}'


def test_with_papers_beside_other_settings_is_placed_before_tables() -> None:
    text = added(REST, FEED)
    assert tomllib.loads(text) == {**tomllib.loads(REST), "portals": [OURS, FEED_TABLE]}
    assert all(line in text.splitlines() for line in REST.splitlines())


def test_with_papers_gives_each_paper_of_a_long_list_its_line() -> None:
    papers = [PortalSetting(f"https://{number}.example/rss.xml", kind="feed") for number in range(3)]
    text = added(f'portals = ["https://a.example"]  # mine\n{REST}', *papers)
    assert text.startswith('portals = [\n    "https://a.example",\n    {address = "https://0.example/rss.xml", kind = "feed"},\n')
    assert text.endswith(f"\n]  # mine\n{REST}")
    assert tomllib.loads(text)["portals"][1:] == [{"address": paper.address, "kind": "feed"} for paper in papers]


LISTS = [
    'portals = ["https://a.example"]\n',
    "portals = [\n  # first\n  'https://a.example', # one\n\n  # last\n]\n",
    'portals = [\n  "https://a.example",\n  { name = "এ", address = "https://e.example" },  # two\n]  # end\n',
    '[[portals]]  # one\naddress = "https://a.example"\n\n[[portals]]\naddress = "https://e.example"\nname = "এ"\n',
]


@pytest.mark.parametrize("text", LISTS)
def test_with_papers_adds_to_a_list_and_keeps_comments(text: str) -> None:
    changed = added(text + REST if "[[" not in text else REST.replace("# the end\n", text), FEED)
    assert tomllib.loads(changed)["portals"][-1] == FEED_TABLE
    assert tomllib.loads(changed)["portals"][:-1] == tomllib.loads(text)["portals"]
    for comment in ("# dark", "# never", *(part.strip() for part in text.splitlines() if part.strip().startswith("#"))):
        assert comment in changed


@pytest.mark.parametrize("text", LISTS)
def test_without_paper_undoes_with_papers(text: str) -> None:
    assert tomllib.loads(without_paper(added(text, FEED), portal_key(FEED.address))) == tomllib.loads(text)
    left = tomllib.loads(without_paper(text, "a.example"))["portals"]
    assert len(left) == len(tomllib.loads(text)["portals"]) - 1


@pytest.mark.parametrize("text", LISTS)
def test_with_name_names_one_paper(text: str) -> None:
    changed = with_name(text, "a.example", "নতুন")
    assert tomllib.loads(changed)["portals"][0] == {"address": "https://a.example", "name": "নতুন"}
    assert tomllib.loads(changed)["portals"][1:] == tomllib.loads(text)["portals"][1:]


@pytest.mark.parametrize("text", LISTS)
@pytest.mark.parametrize("new", [PortalSetting("https://c.example"), FEED])
def test_with_address_moves_one_paper(text: str, new: PortalSetting) -> None:
    text = with_name(text, "a.example", "নতুন")
    changed = with_address(text, "a.example", new)
    expected = {"address": new.address, "name": "নতুন"} | ({"kind": new.kind} if new.kind != "wordpress" else {})
    assert tomllib.loads(changed)["portals"][0] == expected
    assert tomllib.loads(changed)["portals"][1:] == tomllib.loads(text)["portals"][1:]
    back = with_address(changed, new.key, PortalSetting("https://a.example"))
    assert tomllib.loads(back) == tomllib.loads(text)


def test_with_address_leaves_one_entry_for_a_paper() -> None:
    text = (
        'portals = ["https://a.example", { address = "https://b.example/rss", feed = true, groups = ["x"] }, "https://c.example"]\n'
    )
    changed = with_address(text, portal_key("https://b.example/rss"), PortalSetting("https://c.example"))
    assert tomllib.loads(changed)["portals"] == ["https://a.example", {"address": "https://c.example", "groups": ["x"]}]
    secured = with_address('portals = ["http://a.example"]\n', "a.example", PortalSetting("https://a.example"))
    assert tomllib.loads(secured)["portals"] == ["https://a.example"]


def test_with_name_turns_the_portal_into_a_list() -> None:
    assert tomllib.loads(with_name("", portal_key(OURS), "পোস্ট")) == {"portals": [{"address": OURS, "name": "পোস্ট"}]}


@pytest.mark.parametrize("text", ["portals = 3", 'portals = "https://a.example"', "portals = {}", "[portals]\na = 1"])
def test_with_papers_refuses_a_file_with_another_value_there(text: str) -> None:
    with pytest.raises(UsageError, match="can't change this without altering"):
        added(text, FEED)


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_with_papers_writes_any_text_unchanged(name: str, categories: list[str]) -> None:
    paper = PortalSetting("https://b.example", name, tuple(categories))
    (written,) = tomllib.loads(added("portals = []\n", paper))["portals"]
    assert (written.get("name", "") if isinstance(written, dict) else "") == name
