"""Finder of the article on a page: finds the elements that hold the story's text. Pure, linear in the page.

The obvious way is a list of CSS selectors of usual themes. On 244 newspaper pages of 30 countries seven selectors brought 51 whole
texts; the others had related stories and share buttons in them, or lacked half of the text. So the text is found by its paragraphs
and links:

- Text in paragraphs counts for an element, text in links and short lines against it. Of all elements, the article's has the
  greatest sum: a larger element adds navigation and teasers, a smaller one lacks paragraphs. Depth and names of the elements
  don't matter.
- Elements whose class, id or tag names something else (related, share, newsletter, comments) are removed, unless they hold much of
  the page's text: themes put such words in the names of whole columns as well.
- The standfirst often lies outside, near the headline. It is found by its name, or as the text of the page's description.

The elements found are then read like the elements of any story (`block_parser`), so headings, lists, tables, quotes, pictures with
captions, links and embeds stay. Extractors were tried as libraries: the decision is in docs/decisions/whole-articles.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpost_tui.portal.html.sanitize_html import TEXT_FIELD_TAG

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MIN_PARAGRAPH_CHARS = 40
"""Minimum size of a text that counts as a paragraph, in characters as `text_size` counts them.

Lines of navigation and bylines are shorter. With a minimum from 25 to 60, F1 is at most 0.008 lower. F1, here and below, measures
how well the text found agrees with the story's text on 218 pages (docs/decisions/whole-articles.md).
"""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Pattern of Chinese, Japanese and Korean characters. Each carries as much meaning as about three letters."""
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z](?:[a-z]+|[A-Z]*)")
_NEVER = frozenset("addtoany comments consent cookie cookies disqus gdpr newsletter newsletters outbrain privacy taboola".split())
"""Words in classes and ids of elements that almost never hold the story, even if they have half of the page's text.

Such elements have rank 3. An element's rank is the certainty that it doesn't hold the story: 0 to 3.
"""
_OTHER = frozenset(
    """
    ads adslot advert advertisement advertising breadcrumb breadcrumbs commercial copyright footer jetpack lightbox login modal
    popup readmore recirc recirculation recommendation recommendations recommended related screenreader share sharedaddy shares
    sharing sidebar signup subscribe taglist teasers toolbar tooltip trending yarpp
    """.split()
)
"""Words in classes and ids of elements that don't hold the story, unless they have half of the page's text.

Such elements have rank 2 (`_NEVER` explains ranks).
"""
_PERHAPS_OTHER = frozenset(
    """
    author authors bio button buttons byline bylines comment credits cta dateline datetime disclaimer factbox feedback hidden
    hide infobox kicker menu message meta nav navbar navigation overlay placeholder popular print promo promoted promotion
    rating registration social sponsor sponsored sticky subscription tags teaser timestamp topics
    """.split()
)
"""Words in classes and ids of elements that seldom hold the story. Such elements have rank 1 (`_NEVER` explains ranks)."""
_STREAMED_ID = re.compile(r"S:[0-9a-f]+")
"""Pattern of the id of an element that the web framework React sends hidden, and a script shows later; it may hold the story."""
_STATE_WORDS = frozenset(
    "and category closed disabled enabled has hover label lg md no not open overflow sm tag w with without xl xs".split()
)
"""Words that make a class or id unsuitable for judging its element, so that all its words are ignored.

They negate the name (`no-sidebar`), or show that it describes the state of a whole page (`has-sidebar`).
"""
_STANDFIRST = frozenset(
    """
    abstract anons chapo deck dek description excerpt ingress intro introduction lead lede perex preamble sapo standfirst
    subhead subheadline subline subtitel subtitle summary vorspann
    """.split()
)
"""Words in classes and ids of the standfirst (introduction), in the languages whose papers' themes have such a word."""
_OTHER_TAGS = frozenset(
    f"""
    aside button dialog footer form head iframe input label menu nav noscript object script select style svg template
    {TEXT_FIELD_TAG}
    """.split()
)
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd mark nobr q s samp small span strike strong sub sup
    time tt u var wbr
    """.split()
)
_CODE_TAGS = frozenset(("code", "pre"))
"""Elements of program code. Inside these, the classes of inline elements aren't judged: they name parts of a syntax (`comment`)."""
_STORY_TAGS = frozenset(("article", "main"))
"""Elements that usually hold a story, so that a suspicious class or id gives them the lowest rank above 0 only.

Substack's stories, for example, are in `article.newsletter-post`. An element's rank (0 to 3) is the certainty that it doesn't hold
the story.
"""
_UNCOUNTED = frozenset(("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"))
"""Elements whose own text counts neither for nor against an element as the article: headings, figures and their captions."""
_CARD_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_MAX_CARD_CHARS = 500
"""Size in characters below which a text with a linked headline is a card: a teaser for another story.

With 250, F1 (agreement of the text found with the story's text) is 0.006 lower; 1000 gives the same as 500.
"""
_NO_LETTERS = re.compile(r"(?:(?![\u0300-\u036f\u0900-\u109f])\W)+")
"""Pattern of characters that are no letters, digits or marks. Python's `\\W` also matches the vowel signs of Bengali."""
_MAX_NAMES = 5000
"""Maximum number of a page's classes and ids whose words are cached; newspaper pages have some hundreds."""
_MAX_STANDFIRSTS = 2
"""Maximum number of elements of a standfirst (introduction of the article)."""
_SHORT_DESCRIPTION_LETTERS, _MATCHED_LETTERS, _SEARCHED_LETTERS = 20, 40, 80
"""Numbers of letters for recognising a standfirst (introduction) by the page's description.

A text repeats the description if the description's first 40 letters are within the text's first 80; the name of a town may precede
them. A description of 20 letters or fewer isn't compared, because another text could have these letters by chance.
"""

_SHORT_WEIGHT, _LINK_WEIGHT, _REMOVED_LINK_WEIGHT, _REMOVED_WEIGHT = -0.3, -0.7, -0.5, -0.3
"""Amounts that one character adds to the value of each element around it; the element with the greatest value is the article.

In this order: a character of a short line, of a link outside of paragraphs, of a link in a removed element, and of other text in a
removed element. A character of a paragraph adds 1. With weights from -0.1 to -2, F1 (agreement of the text found with the
story's text) changes by at most 0.005.
"""
_SHARE_KEPT = {1: 0.3, 2: 0.5, 3: 0.8}
"""Maps an element's rank (certainty, from 1 to 3, that it doesn't hold the story) to a share of the page's text, from 0 to 1.

An element is kept nevertheless if it has more than this share of the text in the page's paragraphs. With all shares 0.1 to 0.2
lower or higher, F1 (agreement of the text found with the story's text) is at most 0.002 lower.
"""


class _Element:
    """Block element of a page. The element's own text is its text outside of the block elements inside it."""

    __slots__ = (
        "chars",
        "children",
        "link_chars",
        "node",
        "own_chars",
        "own_link_chars",
        "paragraph_chars",
        "rank",
        "tag",
        "texts",
        "value",
    )

    def __init__(self, node: LexborNode, tag: str, rank: int) -> None:
        self.node, self.tag = node, tag
        self.rank = rank
        """Certainty that the element doesn't hold the story, from 0 to 3."""
        self.children: list[_Element] = []
        self.texts: list[str] = []
        self.own_chars = self.own_link_chars = 0
        self.chars = self.link_chars = self.paragraph_chars = 0
        """Sizes in characters of the element's whole text, the text of its links, and the text of its paragraphs."""
        self.value = 0.0

    @property
    def own_value(self) -> float:
        """Value of the element's own text as a part of the story, in characters.

        For a paragraph, it is the text's length minus twice the length of its links. For a link or a short line it is negative,
        and for a heading or figure it is 0.
        """
        if not self.own_chars or self.tag in _UNCOUNTED:
            return 0
        if self.own_chars >= MIN_PARAGRAPH_CHARS and 2 * self.own_link_chars < self.own_chars:
            return self.own_chars - 2 * self.own_link_chars
        return (_LINK_WEIGHT if self.own_link_chars else _SHORT_WEIGHT) * self.own_chars

    @property
    def key(self) -> str:
        """Letters and digits of the element's own text in lower case, to compare the text with the page's description."""
        return letters("".join(self.texts))

    @property
    def is_card(self) -> bool:
        """Whether the element is a card: a short text under a linked headline, usually the teaser of another story."""
        headings = [each for each in self.children if each.tag in _CARD_HEADINGS and each.own_chars]
        return 0 < self.chars < _MAX_CARD_CHARS and any(2 * each.own_link_chars > each.own_chars for each in headings)


def letters(text: str) -> str:
    """Return the letters and digits of a text in lower case, for comparison."""
    return _NO_LETTERS.sub("", text).lower()


def text_size(text: str) -> int:
    """Return the number of characters of a text, with wide characters (Chinese, Japanese, Korean) counted as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def find_article(root: LexborNode, description: str) -> list[LexborNode]:
    """Return the elements of a page that hold the story, in their order; empty if none does.

    Everything else inside these elements is removed from the tree.

    Args:
        root: The page's sanitized tree. It is changed.
        description: Summary of the story as the page's metadata has it; empty if there is none.
    """
    names: dict[str, frozenset[str]] = {}
    page = _build(root.css_first("body") or root, "body", names)
    page.rank = 0
    _measure(page)
    _mark_cards(page)
    _evaluate(page, page.paragraph_chars)
    kept = list(_kept(page))
    best = max(reversed(kept), key=lambda each: each.value)  # the innermost of equal ones
    if best.value <= 0:
        return []
    if best.tag == "p":  # the only paragraph: pictures beside it have no value of their own
        best = next((each for each in kept if best in each.children and each.value == best.value), best)
    best = _first_article(best, kept)
    standfirst = _standfirst(kept[: kept.index(best)], letters(description), names)
    _remove_nested_articles(best)
    _remove_others(best)
    return [*(each.node for each in standfirst), best.node]


def _build(node: LexborNode, tag: str, names: dict[str, frozenset[str]]) -> _Element:
    rank = 2 if tag in _OTHER_TAGS else _rank(node, names)
    element = _Element(node, tag, min(rank, 1) if tag in _STORY_TAGS else rank)
    _collect(node, element, names, in_link=False)
    return element


def _collect(node: LexborNode, element: _Element, names: dict[str, frozenset[str]], *, in_link: bool) -> None:
    """Add to `element` its own text and the block elements in it.

    `node` is the HTML element that is read: the node of `element`, or an inline element in it (this function calls itself).
    `names` caches the words of classes and ids. `in_link` is whether the content is in a link.
    """
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            text = (child.text_content or "").strip()
            if text:
                size = text_size(text)
                element.texts.append(text)
                element.own_chars += size
                element.own_link_chars += size if in_link else 0
        elif child.is_element_node:
            tag = child.tag or ""
            if tag == "a" or (tag in _INLINE and (element.tag in _CODE_TAGS or not _rank(child, names))):
                _collect(child, element, names, in_link=in_link or tag == "a")
            else:
                inner = _build(child, tag, names)
                inner.rank = max(inner.rank, int(in_link))  # a block in a link belongs to another story
                element.children.append(inner)
        child = child.next


def _rank(node: LexborNode, names: dict[str, frozenset[str]]) -> int:
    attributes = node.attributes
    if not attributes:
        return 0
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return 0 if _STREAMED_ID.fullmatch(attributes.get("id") or "") else 2
    words = _words(attributes.get("class"), names) | _words(attributes.get("id"), names)
    return 0 if not words else 3 if words & _NEVER else 2 if words & _OTHER else int(not words.isdisjoint(_PERHAPS_OTHER))


def _words(name: str | None, names: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return the words in a class or id; none if `name` is None. `names` remembers them, because names repeat."""
    if not name:
        return frozenset()
    known = names.get(name)
    if known is None:
        parts = ({part.lower() for part in _NAME_PARTS.findall(token)} for token in name.split())
        known = frozenset().union(*(each for each in parts if each.isdisjoint(_STATE_WORDS)))
        if len(names) < _MAX_NAMES:
            names[name] = known
    return known


def _measure(element: _Element) -> None:
    """Compute the sizes of the whole text, its links and its paragraphs, of an element and of all elements in it."""
    for child in element.children:
        _measure(child)
    element.chars = element.own_chars + sum(child.chars for child in element.children)
    element.link_chars = element.own_link_chars + sum(child.link_chars for child in element.children)
    element.paragraph_chars = max(int(element.own_value), 0) + sum(child.paragraph_chars for child in element.children)


def _mark_cards(page: _Element) -> None:
    """Set the rank of each card (short text under a linked headline, as for another story) to 1, so that it is removed.

    If the cards have at least half of the text in the page's paragraphs, do nothing.
    """
    cards = [each for each in _kept(page) if each.is_card]
    if 2 * sum(each.paragraph_chars for each in cards) < page.paragraph_chars:
        for each in cards:
            each.rank = 1


def _evaluate(element: _Element, all_paragraph_chars: int) -> None:
    """Compute the values of an element and of all elements in it; the element with the greatest value is the article.

    Text of the story counts for an element, links and other text against it. An element with a rank above 0 doesn't belong to the
    story; if `_is_kept` decides otherwise, its rank becomes 0. `all_paragraph_chars` is the size of the text in all paragraphs of
    the page.
    """
    if element.rank and _is_kept(element, all_paragraph_chars):
        element.rank = 0
    if element.rank == max(_SHARE_KEPT):  # a thousand comments don't make the story beside them worse
        return
    if element.rank:
        element.value = _REMOVED_LINK_WEIGHT * element.link_chars + _REMOVED_WEIGHT * (element.chars - element.link_chars)
        return
    for child in element.children:
        _evaluate(child, all_paragraph_chars)
    element.value = element.own_value + sum(child.value for child in element.children)


def _is_kept(element: _Element, all_paragraph_chars: int) -> bool:
    """Whether to keep an element although its class, id or tag suggests that it doesn't hold the story.

    An element is kept if it has much of the page's text. If the suggestion is weak (rank 1), it is also kept if it has no text,
    such as a picture, or is a long paragraph. `all_paragraph_chars` is the size of the text in all paragraphs of the page.
    """
    is_doubtful = element.rank == 1
    is_paragraph = element.tag == "p" and element.paragraph_chars > 2 * MIN_PARAGRAPH_CHARS
    return (is_doubtful and (not element.chars or is_paragraph)) or (
        element.paragraph_chars > _SHARE_KEPT[element.rank] * all_paragraph_chars
    )


def _kept(element: _Element) -> Iterator[_Element]:
    """Yield `element` and the elements in it, in the order of the page, without those to remove (rank above 0) and all in them."""
    yield element
    for child in element.children:
        if not child.rank:
            yield from _kept(child)


def _first_article(best: _Element, kept: list[_Element]) -> _Element:
    """Return the first `article` element in `best`, the element of greatest value, if it has several; otherwise `best`.

    Several `article` elements are usually stories of their own. `kept` are the page's elements that aren't to be removed. If `kept`
    has a headline before the first `article`, the articles are parts of one story, and `best` is returned. An `article` with at
    most a quarter of the greatest value among them is skipped, since it may be a teaser above the story.
    """
    articles = [each for each in _kept(best) if each.tag == "article"]
    if len(articles) <= 1 or _is_in_article(best.node):
        return best
    if any(each.tag == "h1" and each.own_chars > each.own_link_chars for each in kept[: kept.index(articles[0])]):
        return best
    most = max(each.value for each in articles)
    return next((each for each in articles if 4 * each.value > most), best)


def _remove_nested_articles(best: _Element) -> None:
    """Mark for removal the `article` elements inside `best`, the story's element, unless they have most of its text.

    They are teasers of other stories, or comments.
    """
    nested = [each for each in _kept(best) if each.tag == "article" and each is not best]
    if 2 * sum(each.paragraph_chars for each in nested) < best.paragraph_chars:
        for each in nested:
            each.rank = 1


def _is_in_article(node: LexborNode | None) -> bool:
    while node is not None:
        if node.tag == "article":
            return True
        node = node.parent
    return False


def _standfirst(before: list[_Element], description: str, names: dict[str, frozenset[str]]) -> list[_Element]:
    """Return the elements of the standfirst (introduction of the article).

    They are found by their classes and ids, or because they repeat the page's description.

    Args:
        before: Elements above the article's text. Those below the headline are searched.
        description: Page's description, without spaces and punctuation marks; may be empty.
        names: Cache of the words of classes and ids.
    """
    start = next((at for at in reversed(range(len(before))) if before[at].tag == "h1"), len(before))
    beginning = description[:_MATCHED_LETTERS] if len(description) > _SHORT_DESCRIPTION_LETTERS else ""
    found: list[_Element] = []
    for element in before[start + 1 :]:
        if element.own_chars < MIN_PARAGRAPH_CHARS or 2 * element.own_link_chars > element.own_chars:
            continue
        attributes = element.node.attributes
        words = _words(attributes.get("class"), names) | _words(attributes.get("id"), names)
        parent = element.node.parent
        words |= _words(parent.attributes.get("class"), names) if parent is not None else frozenset()
        if words & _STANDFIRST or (beginning and beginning in element.key[:_SEARCHED_LETTERS]):
            found.append(element)
    return found[:_MAX_STANDFIRSTS]


def _remove_others(element: _Element) -> None:
    for child in element.children:
        if child.rank:
            child.node.decompose()
        else:
            _remove_others(child)
