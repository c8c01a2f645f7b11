from __future__ import annotations

import re
import struct
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from bpost_tui.demo import sample_edition as edition_module
from bpost_tui.demo.sample_edition import PICTURE_SIZE_PX, SampleEdition, SamplePost, load_edition, picture
from bpost_tui.errors import ContentError
from tests.sample_portal.wordpress import category_path, in_category, opening

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
VOID = {"br", "img", "hr"}
HIDDEN = {"\u200c", "\u200d"}
SAMPLE = files("bpost_tui.demo")
STORY_FILES = sorted(SAMPLE.joinpath("stories").iterdir(), key=lambda file: file.name)
PICTURES = sorted(file.name for file in SAMPLE.joinpath("pictures").iterdir())


class Outline(HTMLParser):
    """Elements of an HTML text; asserts that tags are closed in the right order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.images: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        values = dict(attrs)
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag == "img":
            self.images.append(values["src"] or "")
            assert values["alt"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


@pytest.fixture(scope="module")
def edition() -> SampleEdition:
    return load_edition(NOW)


def plain(post: SamplePost) -> str:
    return opening(post, 10**6, "")


def test_sample_has_16_stories_in_7_used_categories(edition: SampleEdition) -> None:
    assert len(edition.stories) == len(STORY_FILES) == 16
    assert len(edition.categories) == 7
    assert all(in_category(edition, category.slug) for category in edition.categories)
    assert len({post.categories[0] for post in edition.stories}) >= 5


def test_sample_ids_and_slugs_are_unique(edition: SampleEdition) -> None:
    posts = (*edition.stories, *edition.gazette)
    assert len({post.id for post in posts}) == len({post.slug for post in posts}) == len(posts)
    assert len({category.id for category in edition.categories}) == len(edition.categories)


def test_sample_stories_have_the_length_of_articles(edition: SampleEdition) -> None:
    lengths = sorted(len(plain(post).split()) for post in edition.stories)
    assert lengths[0] >= 250
    assert lengths[-1] >= 900


def test_sample_headlines_have_a_latin_tag_and_a_realistic_length(edition: SampleEdition) -> None:
    for post in (*edition.stories, *edition.gazette):
        assert re.match(r"[A-Za-z][A-Za-z ]+: \S", post.title)
        assert 50 <= len(post.title) <= 150
    assert len({post.title.partition(":")[0] for post in edition.stories}) >= 10


def test_sample_texts_begin_with_a_dateline_naming_the_sample(edition: SampleEdition) -> None:
    for post in edition.stories:
        assert re.match(r"(?:.*?\. )?.*দ্য বেঙ্গল পোস্ট নমুনা সংস্করণ, [^,:]+, [০-৯]{1,2} নভেম্বর: ", plain(post))


@pytest.mark.parametrize("month", range(1, 13))
def test_sample_text_is_nfc_without_controls_in_every_month(month: int) -> None:
    edition = load_edition(NOW.replace(month=month, day=20))
    for post in (*edition.stories, *edition.gazette):
        text = post.title + post.body + "".join(post.tags)
        assert unicodedata.is_normalized("NFC", text)
        odd = {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn"}} - HIDDEN - {"\n"}
        assert not odd
        assert "\ufffd" not in text


def test_sample_shows_every_feature_of_real_stories(edition: SampleEdition) -> None:
    bodies = "\n".join(post.body for post in edition.stories)
    tags = Outline(bodies).tags
    for tag in ("p", "h2", "h3", "blockquote", "ol", "ul", "li", "table", "a", "figure", "figcaption", "img", "strong", "em", "br"):
        assert tags[tag], tag
    for sign in ("দু’টি", "‘", "(Unicode)", "২০২১", "2021", "₹", "৳", "র\u200d্য", "উদ্\u200cযাপন", "।", "…", "অ্যা"):
        assert sign in bodies, sign


def test_sample_joiners_occur_only_when_they_change_shapes(edition: SampleEdition) -> None:
    for post in (*edition.stories, *edition.gazette):
        for before, joiner, after in re.findall(r"(.)([\u200c\u200d])(.)", post.title + post.body, re.DOTALL):
            assert (before, after) == ("র", "্") if joiner == "\u200d" else before == "্"


def test_sample_html_is_balanced_and_links_stay_in_the_edition(edition: SampleEdition) -> None:
    known = {post.path for post in edition.stories} | {category_path(category) for category in edition.categories}
    for post in (*edition.stories, *edition.gazette):
        outline = Outline(post.body)
        assert not outline.open
        assert {link.removeprefix("{home}") for link in outline.links} <= known
        assert {src.removeprefix("{home}/wp-content/uploads/sample/") for src in outline.images} <= set(PICTURES)


def test_sample_placeholders_leave_no_braces(edition: SampleEdition) -> None:
    for post in (*edition.stories, *edition.gazette):
        assert not set("{}") & set(post.content("http://127.0.0.1:1"))


def test_sample_dates_follow_the_time_of_loading_newest_first(edition: SampleEdition) -> None:
    later = load_edition(NOW + timedelta(days=3))
    assert [post.published + timedelta(days=3) for post in edition.stories] == [post.published for post in later.stories]
    assert [post.published for post in edition.stories] == sorted((post.published for post in edition.stories), reverse=True)
    assert all(post.published <= post.modified <= NOW for post in edition.stories)
    assert any(post.published < post.modified for post in edition.stories)


def test_sample_dateline_uses_the_day_in_india() -> None:
    newest = load_edition(datetime(2026, 11, 25, 21, 0, tzinfo=UTC)).stories[0]  # two hours old: 26 November, 00:30 in India
    assert "২৬ নভেম্বর:" in newest.body


def test_sample_authors_are_desks(edition: SampleEdition) -> None:
    assert len({post.author for post in edition.stories}) >= 3
    assert all(post.author.endswith(" Desk") for post in edition.stories)


@pytest.mark.parametrize("name", PICTURES)
def test_sample_pictures_are_small_pngs_of_the_given_size(name: str) -> None:
    data = picture(name)
    assert data is not None
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == PICTURE_SIZE_PX
    assert len(data) < 40_000


def test_every_sample_picture_is_a_lead_picture_shown_in_its_story(edition: SampleEdition) -> None:
    assert sorted(post.picture for post in edition.stories if post.picture) == PICTURES
    assert all(f"/{post.picture}" in post.body and post.picture_alt for post in edition.stories if post.picture)


@pytest.mark.parametrize("name", ["none.png", "../edition.py", ""])
def test_sample_picture_is_none_for_unknown_names(name: str) -> None:
    assert picture(name) is None


@pytest.mark.parametrize(
    ("part", "instead"),
    [(r"^age_hours.*$", ""), (r"^categories.*$", 'categories = ["nowhere"]'), (r"^id = ", "id == "), (r"\Z", "more")],
    ids=["no age", "unknown category", "not TOML", "text after the end"],
)
def test_unreadable_sample_story_raises_an_error_with_its_file(
    part: str, instead: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "categories.toml").write_bytes(SAMPLE.joinpath("categories.toml").read_bytes())
    broken = re.sub(part, instead, STORY_FILES[0].read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    (tmp_path / "stories" / "broken.toml").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(edition_module, "_HERE", tmp_path)
    with pytest.raises(ContentError, match=r"broken\.toml"):
        load_edition(NOW)
