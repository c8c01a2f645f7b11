"""Elements of a page that hold its article, and lines of the article that aren't the story's."""

from __future__ import annotations

import pytest

from bpost_tui.model.blocks import Blocks, Heading, Image, Paragraph, plain_text, text_of
from bpost_tui.portal.html.article_finder import find_article
from bpost_tui.portal.html.article_trimming import trim_article
from bpost_tui.portal.html.block_parser import parse_blocks, parse_element
from bpost_tui.portal.html.sanitize_html import parse

URL = "https://paper.example/story"
TEXT = [f"{number} নম্বর অনুচ্ছেদে লেখা আছে শহরের পুরনো ঘাটের কাছে নতুন পাঠাগার খোলার কথা।" for number in "১২৩৪"]
STORY = "".join(f"<p>{line}</p>" for line in TEXT)
SECOND = STORY.index("<p>২")
TEASERS = "".join(f'<div><h3><a href="/{n}">অন্য খবরের শিরোনাম {n}</a></h3><p>{TEXT[0][2:]} {n}</p></div>' for n in range(3))
LINKS = "".join(f'<li><a href="/{n}">আরও একটি খবরের শিরোনাম {n}</a></li>' for n in range(20))
HEAD = "<header><h1>পাঠাগার</h1><p>রিতা সেন</p></header>"


def read(html: str, description: str = "") -> Blocks:
    root = parse(html)
    assert root is not None
    return tuple(block for node in find_article(root, description) for block in parse_element(node, URL, is_page=True))


def lines(blocks: Blocks) -> list[str]:
    return [text_of(block.spans) for block in blocks if isinstance(block, Paragraph | Heading)]


@pytest.mark.parametrize(
    "html",
    [
        f"<ul>{LINKS}</ul><div><div>{STORY}</div></div><footer><p>{TEXT[0]}</p></footer>",
        f"<table><tr><td><ul>{LINKS}</ul></td><td>{STORY}</td></tr></table>",
        f"<main><section><div>{STORY[:SECOND]}</div></section><section><div>{STORY[SECOND:]}</div></section></main>",
        f'<div class="sidebar-layout comments-open"><div class="main has-sidebar">{STORY}</div></div>',
        f'<div class="text">{STORY}<div class="related-posts"><p>{TEXT[0]}</p></div></div>',
        f'<div class="text">{STORY}<div id="newsletterSignup"><p>{TEXT[0]}</p></div></div>',
        f'<div class="text">{STORY}<aside><p>{TEXT[0]}</p></aside><div hidden><p>{TEXT[0]}</p></div></div>',
        f'<div class="text">{STORY}<a href="/x"><div><p>{TEXT[0]}</p></div></a></div>',
        f'<div class="text">{STORY}{TEASERS}</div>',
        f"<article>{STORY}<article><p>{TEXT[0][2:]}</p></article></article>",
        f"<article>{STORY}</article><article><h2>অন্য খবর</h2>{STORY.replace('নম্বর', 'নং')}</article>",
    ],
    ids=[
        "links",
        "table",
        "sections",
        "names",
        "related",
        "newsletter",
        "aside",
        "card",
        "teasers",
        "nested article",
        "other articles",
    ],
)
def test_article_is_found_among_other_content(html: str) -> None:
    assert lines(read(f"<ul>{LINKS}</ul>{HEAD}{html}")) == TEXT


@pytest.mark.parametrize(
    "standfirst",
    ['<p class="article-standfirst">@</p>', '<div class="lead"><p>@</p></div>', "<p>মেদিনীপুর. @</p>", "<h2>@</h2>"],
)
def test_standfirst_outside_of_the_text_is_found(standfirst: str) -> None:
    said = "শহরে এত দিন কোনও পাঠাগার ছিল না। এ বার সেই অভাব মিটল বলে জানাল পুরসভা।"
    html = f"<header>{HEAD}{standfirst.replace('@', said)}<p>৫ মিনিট</p><ul>{LINKS}</ul></header><div>{STORY}</div>"
    first, *rest = lines(read(html, said))
    assert first.endswith(said) and rest == TEXT


@pytest.mark.parametrize(
    "html",
    [
        f'<article class="newsletter-post">{STORY}</article>',
        "".join(f'<div class="field field--label-hidden"><p>{line}</p></div>' for line in TEXT),
        "".join(f'<div class="overflow-hidden"><p>{line}</p></div>' for line in TEXT),
        "".join(f'<div class="cmp-text"><p>{line}</p></div>' for line in TEXT),
        f'<div hidden id="S:1">{STORY[:SECOND]}</div><div hidden id="S:1f">{STORY[SECOND:]}</div>',
        "".join(f"<article><p>{line}</p></article>" for line in TEXT),
        f'<div>{STORY}<div class="comments"><p>{"মন্তব্যে অনেক কথা লেখা আছে। " * 30}</p></div></div>',
    ],
    ids=["newsletter", "Drupal", "Tailwind", "AEM", "React", "parts", "comments"],
)
def test_names_of_frameworks_do_not_hide_a_story(html: str) -> None:
    other = f"<div><p>{TEXT[0] * 2}</p></div>"
    assert lines(read(f"<ul>{LINKS}</ul><main><h1>পাঠাগার</h1>{html}</main>{other}"))[-len(TEXT) :] == TEXT


def test_story_in_cards_is_found() -> None:
    cards = "".join(f'<li><h3><a href="/{n}">পাঠাগার {n}</a></h3><p>{line}</p></li>' for n, line in enumerate(TEXT))
    found = read(f"<ul>{LINKS}</ul>{HEAD}<ul>{cards}</ul>")
    assert all(line in plain_text(found) for line in TEXT)


def test_comments_in_code_stay() -> None:
    code = '<pre><code><span class="hljs-comment"># এক</span>\n<span>পাঠাগার()</span></code></pre>'
    assert "# এক" in plain_text(read(f"{HEAD}<article>{STORY}{code}</article>"))


def test_pictures_stay_whatever_their_elements_are_called() -> None:
    figure = '<a href="/1"><div class="teaser-thumbnail"><img src="/1.jpg" alt="ছবি"></div></a>'
    found = read(f"{HEAD}<article>{STORY}{figure}</article>")
    assert [block.src for block in found if isinstance(block, Image)] == ["https://paper.example/1.jpg"]


def test_short_text_in_japanese_counts_as_a_paragraph() -> None:
    assert lines(read(f"<ul>{LINKS}</ul><div><p>気象庁は十三日、地震があったと発表した。</p></div>")) == [
        "気象庁は十三日、地震があったと発表した。"
    ]


@pytest.mark.parametrize("html", ["<p>x</p>", f"<ul>{LINKS}</ul>", "<img src=/a.jpg>"])
def test_page_without_paragraphs_has_no_article(html: str) -> None:
    assert read(html) == ()


@pytest.mark.parametrize(
    ("extra", "place"),
    [
        ("<h1>পাঠাগার খুলল মেদিনীপুরে</h1>", "before"),
        ("<h2>জেলা: পাঠাগার খুলল মেদিনীপুরে</h2>", "before"),
        ("<p>রিতা সেন</p><p>২৪ নভেম্বর</p>", "before"),
        ("<p>Nov 24, 2026, 10:45 | UPDATED: 11:05</p>", "before"),
        ('<p><a href="/x">আরও পড়ুন: অন্য খবর</a></p>', "between"),
        ('<h3>আরও পড়ুন</h3><ul><li><a href="/x">অন্য খবর</a></li></ul>', "between"),
        (STORY[: STORY.index("<p>২")], "after"),
        ("<h3>মন্তব্য</h3>", "after"),
        ("<p>রিতা সেন</p>", "after"),
    ],
)
def test_lines_that_are_not_the_storys_are_left_out(extra: str, place: str) -> None:
    pieces = {
        "before": (extra, STORY),
        "between": (STORY[: STORY.index("<p>৩")], extra, STORY[STORY.index("<p>৩") :]),
        "after": (STORY, extra),
    }
    assert lines(trim_article(parse_blocks("".join(pieces[place]), URL), ("পাঠাগার খুলল মেদিনীপুরে",))) == TEXT


def test_repeated_labels_are_left_out() -> None:
    label = "<p>লেখা চলছে নীচে</p>"
    assert lines(trim_article(parse_blocks(label.join(f"<p>{line}</p>" for line in TEXT), URL), ())) == TEXT


@pytest.mark.parametrize("intro", ["", f"<p>{TEXT[0]}</p>"])
@pytest.mark.parametrize("author", ["", "Rita Sen"])
def test_speakers_of_an_interview_stay(intro: str, author: str) -> None:
    turns = [("Rita Sen", "Will it open?"), ("Minister:", TEXT[1]), ("Rita Sen", "And is it free?"), ("Minister:", "It is.")]
    turns += [("Rita Sen", TEXT[2]), ("Minister:", TEXT[3])]
    html = "".join(f"<p>{name}</p><p>{text}</p>" + "<p>Advertisement</p>" * (at % 3 == 1) for at, (name, text) in enumerate(turns))
    found = lines(trim_article(parse_blocks(intro + html, URL), (), author))
    assert found == [TEXT[0]] * bool(intro) + [line for turn in turns for line in turn]


def test_storys_own_headings_lists_and_short_lines_stay() -> None:
    html = f"<h2>ঘাটের কাছে</h2>{STORY}<h3>সময়</h3><ul><li>সকাল</li><li>বিকেল</li></ul><p>“ভাল লাগছে।”</p>"
    assert trim_article(parse_blocks(html, URL), ("পাঠাগার",)) == parse_blocks(html, URL)


def test_linked_heading_above_a_paragraph_stays() -> None:
    html = f'{STORY[:SECOND]}<h2><a href="/film">পথের পাঁচালী</a></h2>{STORY[SECOND:]}<h2><a href="/x">অন্য খবর</a></h2>'
    assert lines(trim_article(parse_blocks(html, URL), ())) == [TEXT[0], "পথের পাঁচালী", *TEXT[1:]]


def test_text_ends_before_the_headline_is_repeated() -> None:
    html = f"<h1>পাঠাগার</h1>{STORY}<h1>পাঠাগার</h1><p>{TEXT[0][:30]}… আরও লেখা আছে এই পাতার নীচে, শুরু থেকে।</p>"
    assert lines(trim_article(parse_blocks(html, URL), ("পাঠাগার",))) == TEXT


@pytest.mark.parametrize("above", ["<h1>পাঠাগার</h1>", ""])
def test_text_goes_on_after_a_section_named_like_the_story(above: str) -> None:
    html = f"{above}{STORY}<h2>পাঠাগার</h2><p>{TEXT[0][:30]} আরও লেখা আছে এই পাতার নীচে, শুরু থেকে।</p>"
    assert len(lines(trim_article(parse_blocks(html, URL), ("পাঠাগার",)))) == len(TEXT) + 1


def test_text_in_a_pictures_box_is_its_caption() -> None:
    box = '<div class="c-ArticleImage"><div><img src="/1.jpg"></div><p>নতুন পাঠাগার</p></div>'
    found = read(f"{HEAD}<div class='media-article'><img src='/2.jpg'>{STORY}{box}</div>")
    assert [text_of(block.caption) for block in found if isinstance(block, Image)] == ["", "নতুন পাঠাগার"]
    assert lines(found) == TEXT


def test_text_in_a_figure_of_a_page_is_its_caption() -> None:
    figure = '<figure><div><img src="/1.jpg"></div><div>নতুন পাঠাগার</div><span class="photo-credit">ছবি: রিতা</span></figure>'
    lazy = "<figure><figcaption>ছবি ছাড়া</figcaption></figure>"
    found = read(f"{HEAD}<article>{STORY}{figure}{lazy}</article>")
    assert [text_of(block.caption) for block in found if isinstance(block, Image)] == ["নতুন পাঠাগার ছবি: রিতা"]
    assert "ছবি ছাড়া" not in plain_text(found)


@pytest.mark.parametrize("picture", ['<img src="/a.png">', '<p><img src="/a.png"></p>', '<figure><img src="/a.png"></figure>'])
def test_picture_below_the_only_paragraph_stays(picture: str) -> None:
    blocks = read(f"<nav><ul>{LINKS}</ul></nav><article><h1>পাঠাগার</h1><p>{TEXT[0] * 3}</p>{picture}</article>")
    assert [type(block) for block in blocks if not isinstance(block, Heading)] == [Paragraph, Image]
