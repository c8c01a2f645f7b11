"""Stories from article pages, without the text around them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.model.blocks import Heading, Image, ListBlock, Paragraph, Span, text_of
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.html.article_page import read_page
from tests.scripted_portal import recording

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://thebengalpost.net/recent/x.html"
DATELINE = "দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর:"


def read(html: str, content_type: str = "text/html") -> Story:
    return read_page(html.encode(), content_type, URL, NOW).story


def lines(story: Story) -> list[str]:
    return [text_of(block.spans) for block in story.blocks if isinstance(block, Paragraph | Heading)]


def test_read_page_returns_the_content_area() -> None:
    story = read_page(recording("page-article-classic")[2], "text/html", URL, NOW).story
    assert story.title == "Recent: শর্টকোড ও বিজ্ঞাপনের চিহ্ন"
    assert story.author == "News Desk" and story.categories == (Category("recent", "Recent"),)
    assert [text_of(block.caption) for block in story.blocks if isinstance(block, Image)] == ["ক্যাপশন :", "প্রতীকী ছবি", "", ""]
    assert lines(story)[-1] == "Mathematics: [1], [২], [sic] থাকবে।"
    assert len(story.blocks) == 7 and story.full


def test_read_page_keeps_headings() -> None:
    story = read_page(recording("page-article-headings")[2], "text/html", URL, NOW).story
    assert [block.level for block in story.blocks if isinstance(block, Heading)] == [2, 3, 4, 5, 6]


PLAIN = f"""Social Media

Midnapore: নদীর ধারে নতুন পাঠাগার, খুশি পড়ুয়ারা

{DATELINE} নদীর ধারে একটি নতুন পাঠাগার খুলল। খুশি সকলে।

পাঠাগার কোথায়:

শহরের পুরনো ঘাটের কাছেই এই পাঠাগার।

Advertisement:

News Desk

Recent Posts

Kharagpur: অন্য একটি খবর

{DATELINE} অন্য একটি খবরের শুরু…

4 days ago"""


def test_read_page_finds_title_text_and_author() -> None:
    story = read(PLAIN, "text/plain")
    assert story.title == "Midnapore: নদীর ধারে নতুন পাঠাগার, খুশি পড়ুয়ারা"
    assert story.author == "News Desk"
    assert len(story.blocks) == 3 and lines(story)[-1] == "শহরের পুরনো ঘাটের কাছেই এই পাঠাগার।"


def test_read_page_stops_before_related_stories() -> None:
    html = f"<h1>শিরোনাম</h1><p>{DATELINE} লেখা।</p><p>শেষ কথা।</p><h3>অন্য খবর</h3><p>{DATELINE} শুরু…</p><p>1 week ago</p><p>x</p>"
    story = read(html)
    assert lines(story) == [f"{DATELINE} লেখা।", "শেষ কথা।"] and story.title == "শিরোনাম"


@pytest.mark.parametrize("row", ["<p>1 hour ago</p>", "<p>অন্য খবর</p><p>শুরু…</p><p>3 days ago</p>"])
def test_read_page_refuses_lists_of_other_stories(row: str) -> None:
    with pytest.raises(ContentError, match="no story on the page"):
        read("<h1>শিরোনাম</h1>" + 20 * row)


def test_read_page_reads_times_in_the_head() -> None:
    head = '<head><meta property="article:published_time" content="2026-11-24T04:30:00+05:30"></head>'
    assert read(f"{head}<h1>ক</h1><article><p>খ।</p></article>").published == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


def test_read_page_for_subscribers_has_the_reason() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    assert read(f"{script}<h1>ক</h1><article><p>খ।</p></article>").text_end == "subscribers"
    assert read("<h1>ক</h1><article><p>খ।</p></article>").text_end == ""


@pytest.mark.parametrize(
    ("selector", "is_found", "text"),
    [
        ("div.story", True, ["খ।", "গ।"]),
        (".story, .story p", True, ["খ।", "গ।"]),
        ("p.last", True, ["গ।"]),
        ("div.body", False, None),
        ("div[", False, None),
        ("", True, None),
    ],
)
def test_read_page_takes_the_text_that_a_selector_names(selector: str, *, is_found: bool, text: list[str] | None) -> None:
    html = f"<h1>ক</h1><p>{DATELINE} বাইরের লেখা।</p><div class='story'><p>খ।</p><p class='last'>গ।</p></div>"
    page = read_page(html.encode(), "", URL, NOW, selector)
    assert page.lacks_selected is not is_found
    assert lines(page.story) == (lines(read(html)) if text is None else text)


@pytest.mark.parametrize("html", ["", "<html></html>", "<script>x</script>", "<h1>ক</h1>"])
def test_read_page_without_text_raises_a_one_line_error(html: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(html)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "application/rss+xml", "application/json; charset=utf-8"])
def test_read_page_refuses_other_media_types(media_type: str) -> None:
    html = "%PDF-1.4 <article><p>ক খ গ।</p></article>"
    with pytest.raises(ContentError, match="no story on the page"):
        read(html, media_type)
    assert read(html, "").blocks


STATED = {"@type": "NewsArticle", "headline": "x", "articleSection": "জেলা", "image": {"url": "/1.jpg", "caption": "নতুন পাঠাগার"}}
SCRIPT = f'<script type="application/ld+json">{json.dumps(STATED)}</script>'
PAGE = f"{SCRIPT}<article><h1>x</h1><p>{DATELINE} নদীর ধারে একটি নতুন পাঠাগার খুলল। খুশি সকলে।</p>@</article>"


def test_section_is_the_category_of_a_page_without_categories() -> None:
    assert read(PAGE).categories == (Category("জেলা", "জেলা"),)
    assert read(PAGE.replace("@", '<a rel="tag" href="/category/recent">Recent</a>')).categories == (Category("recent", "Recent"),)


def test_lead_picture_with_a_caption_opens_a_text_without_pictures() -> None:
    lead = Image("https://thebengalpost.net/1.jpg", caption=(Span("নতুন পাঠাগার"),))
    assert read(PAGE).blocks[0] == lead
    assert [block for block in read(PAGE.replace("@", '<img src="/2.jpg">')).blocks if isinstance(block, Image)] == [
        Image("https://thebengalpost.net/2.jpg")
    ]


def test_story_of_lists_alone_is_read() -> None:
    entries = "".join(f"<li>{number} নম্বর ঘাটের কাছে একটি নতুন পাঠাগার খুলল। খুশি সকলে।</li>" for number in range(4))
    *_, last = read(f"<article><h1>x</h1><h2>আজ</h2><ul>{entries}</ul></article>").blocks
    assert isinstance(last, ListBlock) and len(last.items) == 4


LONG = "শহরের পুরনো ঘাটের কাছেই এই পাঠাগার, যেখানে প্রতিদিন বিকেলে পড়ুয়ারা আসে এবং সন্ধ্যা পর্যন্ত বসে বই পড়ে।"
"""Text long enough for a paragraph."""
LINK = "<p><a href='/a.html'>জেলার আর একটি খবর পড়ুন</a></p>"


def article(*parts: str, author: str = "") -> Story:
    """Return the story of a page with three paragraphs, and `parts` between the first and the second."""
    data = json.dumps({"@type": "NewsArticle", "headline": "x", **({"author": {"name": author}} if author else {})})
    text = "".join([f"<p>১ {LONG}</p>", *parts, f"<p>২ {LONG}</p>", f"<p>৩ {LONG}</p>"])
    return read(f"<script type='application/ld+json'>{data}</script><article>{text}</article>")


def pictures(story: Story) -> list[Image]:
    return [block for block in story.blocks if isinstance(block, Image)]


def test_label_and_thumbnail_of_a_link_to_another_story_are_left_out() -> None:
    story = article("<p>আরও পড়ুন</p><img src='/1.jpg' alt='অন্য খবর' width=108 height=108>", LINK)
    assert pictures(story) == []
    assert lines(story) == [f"{number} {LONG}" for number in "১২৩"]


def test_large_picture_and_whole_sentence_above_a_link_stay() -> None:
    story = article("<p>পাঠাগার খোলা।</p><img src='/1.jpg' alt='ঘাট' width=960 height=430>", LINK)
    assert [picture.alt for picture in pictures(story)] == ["ঘাট"]
    assert "পাঠাগার খোলা।" in lines(story)


def test_line_that_repeats_the_description_above_it_is_the_caption() -> None:
    story = article("<img src='/1.jpg' alt='পুরনো ঘাটে ভিড়' width=960 height=430><p>পুরনো ঘাটে ভিড়</p>")
    assert [text_of(picture.caption) for picture in pictures(story)] == ["পুরনো ঘাটে ভিড়"]
    assert "পুরনো ঘাটে ভিড়" not in lines(story)


def test_byline_and_portrait_of_the_author_below_the_standfirst_are_left_out() -> None:
    portrait = "<img src='/1.jpg' alt='Christin Jordan, SWR' width=300 height=300>"
    story = article(f"{portrait}<p>Christin Jordan, SWR</p>", author="Christin Jordan")
    assert story.author == "Christin Jordan"
    assert lines(story) == [f"{number} {LONG}" for number in "১২৩"]
    assert pictures(story) == []


def test_picture_credited_to_the_agency_that_wrote_the_story_stays() -> None:
    story = article("<img src='/1.jpg' alt='AFP' width=960 height=430>", author="AFP")
    assert [picture.alt for picture in pictures(story)] == ["AFP"]
