"""Parser of an article's page: returns the story on it. Pure, runs in the parser process.

`article_finder` finds the elements with the text, `block_parser` reads them as blocks, and `article_trimming` leaves out the lines
that don't belong to the story. `page_metadata` reads the headline, authors, dates and picture. A page without paragraphs is read
whole; its text ends before the first sign of other content: the label of an advertisement, the author's line, `Recent Posts`, and
excerpts of other stories.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_TERMS
from bpost_tui.model.blocks import Block, Blocks, Heading, ListBlock, Paragraph, text_of
from bpost_tui.model.datelines import dateline
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_merge import title_of_excerpt
from bpost_tui.model.text_end import SUBSCRIBERS
from bpost_tui.portal.derived_fields import first_words, lead_image
from bpost_tui.portal.feed.feed_parser import slug_of
from bpost_tui.portal.html.article_finder import find_article
from bpost_tui.portal.html.article_trimming import trim_article
from bpost_tui.portal.html.block_assembly import is_ad_label
from bpost_tui.portal.html.block_parser import html_to_line, parse_element
from bpost_tui.portal.html.page_metadata import read_metadata
from bpost_tui.portal.html.sanitize_html import parse
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import ParsedPage
from bpost_tui.urls import category_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from selectolax.lexbor import LexborNode

_HAS_TAGS = re.compile(r"<[a-zA-Z!]")
_OTHERS = re.compile(
    r"(?:recent|related|latest|more|you may also like|similar)\b.{0,12}\b(?:posts?|news|stories|articles)\s*:?", re.IGNORECASE
)
_AGO = re.compile(r"(?:\d{1,3}|an?) (?:second|minute|hour|day|week|month|year)s? ago", re.IGNORECASE)
_END_OF_SENTENCE = re.compile(r"[।?!…:]\s*$")
_MAX_AUTHOR_CHARS = 60
"""Maximum number of characters of the author's line. A line that is longer, or ends like a sentence, isn't an author's line."""
_PAGES = ("", "text/html", "application/xhtml+xml", "text/plain")
"""Media types of responses that are read as a web page. The empty string is for servers that declare no type (RFC 9110 §8.3).

Any other response, such as a PDF or picture, is refused, because it would be read as garbage.
"""


def read_page(body: bytes, content_type: str, url: str, now: datetime, selector: str = "") -> ParsedPage:
    """Return the story on an article's page; its guid is `url`, the page's address. Dates after `now` are left out.

    `content_type` is the Content-Type header. If `selector` isn't empty, the text is read from the elements that match this CSS
    selector. If it is empty or nothing matches, `article_finder` finds the text.

    Raises:
        ContentError: There is no story on the page.
    """
    if content_type.partition(";")[0].strip().lower() not in _PAGES:
        raise ContentError("no story on the page")
    html = decode(body, content_type)
    is_plain = _HAS_TAGS.search(html) is None
    root = parse(_paragraphs(html) if is_plain else html)
    if root is None:
        raise ContentError("the page has no story (it is empty)")
    metadata = read_metadata(html, root, url, now)
    categories = _categories(root, metadata.section)
    selected = _selected(root, selector) if selector else []
    found = selected or ([] if is_plain else find_article(root, metadata.description))
    blocks = tuple(block for node in found or [root] for block in parse_element(node, url, is_page=True))
    title = metadata.title
    text, signed = (blocks, "") if selected else trim_to_story(blocks, is_article=bool(found))
    if not found:
        title, text = _split_heading(text, title)
    elif not selected:
        text = trim_article(text, metadata.titles, metadata.author)
    if not any(isinstance(block, Paragraph | ListBlock if found else Paragraph) for block in text):
        raise ContentError("no story on the page")
    picture = metadata.picture
    if picture and picture.caption and lead_image(text) is None:
        text = (picture, *text)
    story = Story(
        guid=url,
        title=title or title_of_excerpt(first_words(text)),
        link=url,
        author=metadata.author or signed,
        published=metadata.published,
        modified=metadata.modified,
        categories=categories,
        tags=metadata.tags,
        excerpt=metadata.description or first_words(text),
        blocks=text,
        image=picture.src if picture else lead_image(text),
        full=True,
        source="page",
        text_end="" if metadata.is_free else SUBSCRIBERS,
    )
    return ParsedPage(story, lacks_selected=bool(selector) and not selected)


def _selected(root: LexborNode, selector: str) -> list[LexborNode]:
    """Return the elements in `root` that match a CSS selector; empty if the selector isn't valid.

    An element inside another matching element is left out.
    """
    from selectolax.lexbor import SelectolaxError

    try:
        matches = root.css(selector)
    except SelectolaxError:
        return []
    known = {node.mem_id for node in matches}
    return [node for node in matches if known.isdisjoint(_ancestors(node))]


def _ancestors(node: LexborNode) -> Iterator[int]:
    parent = node.parent
    while parent is not None:
        yield parent.mem_id
        parent = parent.parent


def trim_to_story(text: Blocks, *, is_article: bool) -> tuple[Blocks, str]:
    """Return a page's blocks up to the story's end, and the author's line found there (empty if there is none).

    The end is known by the phrases of The Bengal Post's theme, such as `Recent Posts` and `3 days ago`. Below the text, this theme
    shows whole paragraphs of other stories without links, which `article_finder` and `article_trimming` can't distinguish from the
    story. On 218 pages of other papers the phrases change no text; labels of advertisements are in 3.

    With `is_article`, the blocks come from elements that `article_finder` found. Labels of advertisements are then inside the
    story, and are left out. A phrase in the first half isn't the end, because it introduces a link inside the story. Without
    `is_article`, the page was read whole: the story ends at the last label before the first phrase, or at this phrase if no label
    precedes it. So a list of headlines and ages has no story.
    """
    lines = [_line(block) for block in text]
    signs = range((len(text) + 1) // 2 if is_article else 0, len(text))
    end = next((at for at in signs if _OTHERS.fullmatch(lines[at])), len(text))
    ago = next((at for at in signs if _AGO.fullmatch(lines[at])), len(text))
    end = min(end, max(ago - 2, 0) if ago < len(text) else end)  # a related story takes three lines: headline, excerpt, age
    labels = [at for at in range(end) if is_ad_label(lines[at])]
    signed = ""
    if labels and not is_article:
        signed = next((line for line in lines[labels[-1] + 1 : end] if _is_name(line)), "")
        end = labels[-1]
    elif 0 < end < len(text) and _is_name(lines[end - 1]):
        end -= 1
        signed = lines[end]
    return tuple(block for block, line in zip(text[:end], lines, strict=False) if not is_ad_label(line)), signed


def _split_heading(text: Blocks, title: str) -> tuple[str, Blocks]:
    """Return a page's title, and its text without the category and title that precede the story.

    The text begins at the first line with a dateline (reporter and place), or else with a Bengali full stop (`।`). If
    `title` is empty, the line before the text is the title.
    """
    lines = [_line(block) for block in text]
    begins = (at for at, line in enumerate(lines) if dateline(line))
    start = next(begins, next((at for at, line in enumerate(lines) if "।" in line), 0))
    return title or (lines[start - 1] if start else ""), text[start:]


def _line(block: Block) -> str:
    return text_of(block.spans).strip() if isinstance(block, Paragraph | Heading) else ""


def _is_name(line: str) -> bool:
    return 0 < len(line) <= _MAX_AUTHOR_CHARS and not _END_OF_SENTENCE.search(line)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())


def _categories(root: LexborNode, section: str) -> tuple[Category, ...]:
    """Return the categories that the page links to with `rel=tag`, which marks the story's own categories; else the section.

    If `section`, the section's name, is empty as well, there are none.
    """
    found: dict[str, Category] = {}
    for node in root.css("a[rel~=tag][href*='/category/']")[:MAX_TERMS]:
        slug = clean_line(category_of(node.attributes.get("href") or "") or "", MAX_NAME_CHARS)
        name = html_to_line(node.inner_html or "", MAX_NAME_CHARS)
        if slug and name:
            found.setdefault(slug, Category(slug, name))
    slug = slug_of(section)
    return tuple(found.values()) or ((Category(slug, section),) if slug else ())
