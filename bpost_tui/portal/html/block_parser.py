"""Parser from HTML, as WordPress sends it, to blocks. Pure, linear in the text.

The tree becomes one stream of spans, breaks and finished blocks, and `assemble` makes a paragraph of the text between two breaks.
Functions recurse over the tree; `sanitize_html` has bounded its depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from bpost_tui import limits
from bpost_tui.model.blocks import (
    Block,
    Blocks,
    Embed,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    Span,
    Spans,
    Table,
    text_of,
    texts_of,
)
from bpost_tui.model.sanitize import MAX_CAPTION_CHARS, clean_line, clean_text
from bpost_tui.portal.html.block_assembly import (
    BLANKS,
    SITE_NAME,
    Caption,
    Separator,
    Token,
    assemble,
    inline_tokens,
    is_ad_label,
    join_lines,
    join_spans,
)
from bpost_tui.portal.html.embeds import (
    EMBEDDING,
    FILE_CLASS,
    POST_CLASS,
    URL_CLASS,
    make_embed,
    post_address,
    read_embed,
    written_address,
)
from bpost_tui.portal.html.sanitize_html import TEXT_FIELD_TAG, children, parse
from bpost_tui.portal.html.table_grid import GridCell, grid_cells, is_layout_table, make_table, text_in_cell
from bpost_tui.portal.html.tracking_pixels import is_pixel_sized, is_tracking_address
from bpost_tui.urls import clean_link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


_MEDIA = frozenset(("annotation", "annotation-xml", "canvas", "svg"))
_CONTROLS = frozenset(("button", "input", "select"))
_DROPPED = _MEDIA | _CONTROLS | frozenset(("head", "noscript", "script", "style", "template", "title"))
_OF_PAGES = frozenset(("form", "nav", TEXT_FIELD_TAG))
"""Tags of HTML elements that are left out of a story's text if the text comes from a web page.

On a page they are navigation. In a feed they belong to the story, for example as its table of contents, and are kept.
"""
_DROPPED_CLASS = re.compile(
    r"(?<!\S)(?:ad-slot|adsbygoogle|td-a-rec\S*|code-block code-block-\d+|sharedaddy|jp-relatedposts|addtoany_\S*"
    r"|post-page-numbers)(?!\S)"
)
_SCREEN_READER_CLASS = re.compile(r"(?<!\S)screen-reader-text(?!\S)")
"""Pattern of the CSS class of text that a page's style sheet hides on the screen.

Feeds have such text as well, such as the story's title after "Continue reading", or a recipe's units.
"""
_CAPTION_CLASS = re.compile(r"(?<!\S)(?:wp-caption-text|tr-caption)(?!\S)")
"""Pattern of the CSS class of an element that holds a picture's caption in WordPress and Blogger."""
_PAGE_CAPTION_CLASS = re.compile(r"(?<![a-z])(?:caption|credits?|copyright)(?![a-z])|[a-z]Caption(?![a-z])", re.IGNORECASE)
"""Pattern of the CSS class of an element that holds a picture's caption or credit on web pages of any kind."""
_PICTURE_BOX_CLASS = re.compile(
    r"(?:\b|_)(?:bild|foto|gallery|image|img|media|photo|pic|picture)|Bild|Foto|Gallery|Image|Img|Media|Photo|Picture"
)
"""Pattern of the CSS class of an element that holds a picture and its caption, as a `figure` does."""
_MAX_BOX_CHARS = 400
_SECTIONS = frozenset(("address", "article", "aside", "center", "div", "fieldset", "footer", "header", "main", "p", "section"))
_PIECES = frozenset(("br", "caption", "dd", "details", "dl", "dt", "figcaption", "figure", "hr", "li", "summary"))
_TABLE_PIECES = frozenset(("tbody", "td", "tfoot", "th", "thead", "tr"))
_BLOCK_TAGS = _SECTIONS | _PIECES | _TABLE_PIECES
_IMAGES = frozenset(("amp-img", "img"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol"))
_TERMS = frozenset(("dt", "summary"))
"""Tags of elements that hold a term or title (`dt`, `summary`); the text after such an element explains it."""
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em", "cite"))
_SHORTCODE = re.compile(
    r"\[/?(?:td_block_\w+|adinserter|adrotate|the_ad\w*|advads\w*|quads|wp_?adsense\w*|adsense|ads?|gallery|caption|vc_\w+|et_pb_\w+|rev_slider\w*)"
    r"(?:\s[^\[\]]{0,500})?\]"
)
_SIDE = re.compile(r"[1-9][0-9]{0,4}")
_WORD = re.compile(r"\w")
_LINE_BREAK = re.compile(r"[\t\n\r]")
"""Pattern of a tab or line break in an address; browsers remove these characters (WHATWG URL §4.4)."""
_PICTURE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])|^https?://[\w.-]*(?:bp\.blogspot|googleusercontent)\.com/", re.IGNORECASE
)
"""Pattern of addresses of picture files. A picture that links to such an address links only to itself in full size."""
_PLAIN = Span("")


def parse_blocks(html: str, base: str | None) -> Blocks:
    """Return the blocks of a piece of HTML; none if it is empty.

    Links and pictures are resolved against `base`; if it is None, relative ones are left out.

    `<p>এক <b>দুই</b></p>` becomes `Paragraph((Span("এক "), Span("দুই", bold=True)))`.
    """
    body = parse(html)
    return () if body is None else parse_element(body, base)


def parse_element(root: LexborNode, base: str | None, *, is_page: bool = False) -> Blocks:
    """Return the blocks of an element's content.

    Args:
        root: The element.
        base: Address against which relative addresses are resolved; None to leave out relative addresses.
        is_page: Whether the element is part of a web page, not of a text that a feed or WordPress's API has. From a page,
            navigation and forms are left out, and labels of advertisements are kept, since they mark the end of the text.
    """
    tokens = _BlockTokenizer(base, is_page=is_page).stream(root, _PLAIN)
    found = assemble(_attached(tokens) if is_page else tokens)
    return tuple(block for block in found if is_page or not (isinstance(block, Paragraph) and is_ad_label(text_of(block.spans))))


def html_to_line(html: str, limit: int) -> str:
    """Return the text of a piece of HTML, such as a title or excerpt, as one line of at most `limit` characters."""
    if "<" in html or "&" in html:
        body = parse(html[: 8 * limit + 4096])
        if body is None:
            return ""
        spans, _ = inline_tokens(_BlockTokenizer(None).stream(body, _PLAIN))
        html = "".join(span.text for span in spans)
    return clean_line(_SHORTCODE.sub("", html), limit)


class _BlockTokenizer:
    """Tokenizer of HTML elements. It limits the characters, changes of style, pictures and embeds of one story."""

    def __init__(self, base: str | None, *, is_page: bool = False) -> None:
        self._base = base
        self._dropped = _DROPPED | _OF_PAGES if is_page else _DROPPED
        self._is_page = is_page
        self._chars_left = limits.MAX_CHARS
        self._styled_left = limits.MAX_STYLED
        self._images_left = limits.MAX_IMAGES
        self._embeds_left = limits.MAX_EMBEDS

    def stream(self, element: LexborNode, style: Span) -> Iterator[Token]:
        """Yield the tokens (text, breaks and whole blocks) of an element's content; its text has the style of `style`."""
        for is_entry, nodes in groupby(children(element), key=lambda node: node.tag == "li"):
            if is_entry:  # outside of a list
                yield from _list_blocks(self._entries(nodes, _linked(style)))
                continue
            for node in nodes:
                tag = node.tag or ""
                if node.is_text_node:
                    yield Span(self._text(node), *self._styled(style)[1:])
                elif node.is_element_node and not self._is_dropped(node, tag):
                    yield from self._element(node, tag, style)

    def _is_dropped(self, node: LexborNode, tag: str) -> bool:
        named = node.attributes.get("class") or ""
        return tag in self._dropped or bool(_DROPPED_CLASS.search(named) or (self._is_page and _SCREEN_READER_CLASS.search(named)))

    def _element(self, node: LexborNode, tag: str, style: Span) -> Iterator[Token]:
        named = node.attributes.get("class") or ""
        if tag in _IMAGES:
            yield from self._image(node, style)
        elif tag == "a":
            yield from self.stream(node, style._replace(link=_link(node, self._base)))
        elif tag in _TERMS:
            yield Separator.BREAK
            yield from self.stream(node, style._replace(bold=True))
            yield Separator.BREAK
        elif tag in _BOLD:
            yield from self.stream(node, style._replace(bold=True))
        elif tag in _ITALIC:
            yield from self.stream(node, style._replace(italic=True))
        elif tag in _HEADINGS:
            spans, others = inline_tokens(self.stream(node, _linked(style)))
            yield from (*others, Heading(spans, _HEADINGS[tag]))
        elif tag in _LISTS:
            start = node.attributes.get("start") or "1"
            before = (int(start) - 1,) if tag == "ol" and start != "1" and _SIDE.fullmatch(start) else ()
            yield from _list_blocks(self._entries(children(node), _linked(style)), ordered=tag == "ol", before=before)
        elif tag in EMBEDDING:
            embed = read_embed(node, self._base)
            yield from self._embeds(embed) if embed else self.stream(node, style)
        elif tag == "blockquote":
            yield from self._quote(node, _linked(style))
        elif URL_CLASS.search(named) and (address := written_address(node.text())):
            yield from self._embeds(make_embed(address))
        elif FILE_CLASS.search(named) and (file := node.css_first("a[href]")) and (address := _link(file, self._base)):
            yield from self._embeds(make_embed(address, file.text(), "document"))
        elif tag == "table":
            yield from self._table(node, _linked(style))
        elif tag == "pre":
            yield from self._preformatted(node, _linked(style))
        elif tag == "figcaption" or _CAPTION_CLASS.search(named) or (self._is_page and _PAGE_CAPTION_CLASS.search(named)):
            spans, others = inline_tokens(self.stream(node, _linked(style)))
            yield from (*others, Caption(spans))
        elif self._is_page and (tag == "figure" or _is_picture_box(node, named)):
            yield from _figure(self.stream(node, style))
        elif tag in _BLOCK_TAGS or tag in _OF_PAGES:
            yield Separator.BREAK
            yield from self.stream(node, style)
            yield Separator.BREAK
        else:
            yield from self.stream(node, style)

    def _preformatted(self, node: LexborNode, style: Span) -> Iterator[Block]:
        """Yield a text with its line breaks kept (HTML's `pre`), in the style of `style`.

        Pictures and embeds inside it follow after the text.
        """
        tokens = list(self._lines(node, style))
        spans = [token for token in tokens if isinstance(token, Span)]
        for at, strip in ((0, str.lstrip), (-1, str.rstrip)):
            while spans and not (text := strip(spans[at].text, "\n")):
                del spans[at]
            if spans:
                spans[at] = spans[at]._replace(text=text)
        by_link = groupby(spans, key=lambda span: span.link)
        yield Preformatted(tuple(Span("".join(span.text for span in alike), link=link) for link, alike in by_link))
        yield from (token for token in tokens if isinstance(token, Image | Embed))

    def _lines(self, node: LexborNode, style: Span) -> Iterator[Token]:
        """Yield the content of an element inside `pre`, with its line breaks kept, as tokens (text and pictures or embeds).

        A `<br>` and the end of a paragraph become line breaks. The text has the style of `style`.
        """
        for child in children(node):
            tag = child.tag or ""
            if child.is_text_node:
                yield Span(self._counted(child.text_content or ""), *self._styled(style)[1:])
            elif tag == "br":
                yield style._replace(text="\n")
            elif tag in _IMAGES:
                yield from self._image(child, style)
            elif tag in EMBEDDING:
                yield from self._embeds(read_embed(child, self._base))
            elif child.is_element_node and tag not in _DROPPED:
                yield from self._lines(child, style._replace(link=_link(child, self._base)) if tag == "a" else style)
                yield from [Span("\n")] if tag in _BLOCK_TAGS else []

    def _text(self, node: LexborNode) -> str:
        text = self._counted(BLANKS.sub(" ", node.text_content or ""))
        return _SHORTCODE.sub("", text) if "[" in text else text

    def _counted(self, text: str) -> str:
        cleaned = clean_text(text, self._chars_left)
        self._chars_left -= len(cleaned)
        return cleaned

    def _styled(self, style: Span) -> Span:
        """Return `style`, or the plain style once the story has had too many styled pieces, which limits the number of spans."""
        if style == _PLAIN:
            return style
        self._styled_left -= 1
        return style if self._styled_left >= 0 else _PLAIN

    def _image(self, node: LexborNode, style: Span) -> Iterator[Token]:
        attributes = node.attributes
        alt = clean_line(attributes.get("alt") or "", MAX_CAPTION_CHARS)
        if "wp-smiley" in (attributes.get("class") or ""):
            yield style._replace(text=alt)
            return
        sources = [_LINE_BREAK.sub("", attributes.get(name) or "") for name in ("data-src", "data-lazy-src", "src")]
        sources += [(attributes.get(name) or "").strip().partition(" ")[0] for name in ("data-srcset", "srcset")]
        src = next(filter(None, (clean_link(source, self._base) for source in sources)), None)
        sides = [attributes.get(name) or "" for name in ("width", "height")]
        if src and self._images_left and not is_pixel_sized(*sides) and not is_tracking_address(src):
            self._images_left -= 1
            width_px, height_px = (int(side) if _SIDE.fullmatch(side) else 0 for side in sides)
            known = (width_px, height_px) if width_px and height_px else (0, 0)
            title = clean_line(attributes.get("title") or "", MAX_CAPTION_CHARS)
            link = None if style.link is None or _PICTURE.search(style.link) else style.link
            alt = alt if _WORD.search(alt) else title or alt
            yield Image(src, "" if SITE_NAME.fullmatch(alt) else alt, (), *known, link)
            if len(title.split()) > 1 and title.lower() not in alt.lower():
                yield Caption((Span(title),), is_remark=True)

    def _entries(self, nodes: Iterable[LexborNode], style: Span) -> Iterator[list[Block]]:
        for node in nodes:
            tag = node.tag or ""
            if node.is_element_node and not self._is_dropped(node, tag):
                yield assemble(self.stream(node, style) if tag == "li" else self._element(node, tag, style))

    def _quote(self, node: LexborNode, style: Span) -> Iterator[Block]:
        """Yield the blocks of a quotation, whose text has the style of `style`.

        A block in the quotation that isn't a paragraph, such as a picture, divides it in two.
        """
        paragraphs: list[Spans] = []
        links: list[str | None] = []
        for block in assemble(self.stream(node, style)):
            match block:
                case Paragraph(spans) | Heading(spans):
                    paragraphs.append(spans)
                    links += [span.link for span in spans]
                case Quote(inner):
                    paragraphs += inner
                case _:
                    yield from [Quote(tuple(paragraphs))] if paragraphs else []
                    paragraphs = []
                    yield block
        yield from [Quote(tuple(paragraphs))] if paragraphs else []
        if POST_CLASS.search(node.attributes.get("class") or ""):
            address = post_address(links)
            yield from self._embeds(make_embed(address) if address else None)

    def _embeds(self, embed: Embed | None) -> Iterator[Block]:
        if embed is not None and self._embeds_left:
            self._embeds_left -= 1
            yield embed

    def _table(self, node: LexborNode, style: Span) -> Iterator[Block]:
        caption, others = next(
            (inline_tokens(self.stream(each, style)) for each in children(node) if each.tag == "caption"), ((), [])
        )
        cells = [(cell, assemble(self.stream(cell.node, style))) for cell in grid_cells(node)]
        yield from others
        if is_layout_table(cells):
            yield from [Paragraph(caption)] if caption else []
            yield from assemble(token for cell, inner in cells for token in _in_box(cell, inner))
        else:
            yield make_table([(cell, text_in_cell(inner)) for cell, inner in cells], caption)
            yield from (block for _, inner in cells for block in inner if isinstance(block, Image | Embed))


def _is_picture_box(node: LexborNode, named: str) -> bool:
    """Whether the element `node`, whose class is `named`, is a box for a picture: it has a picture and at most one paragraph."""
    if not _PICTURE_BOX_CLASS.search(named) or node.css_first("img") is None:
        return False
    return len(node.text()) < _MAX_BOX_CHARS and node.css_first("p ~ p") is None


def _figure(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens (text and blocks) of a `figure` on a page, with the text outside of its blocks as captions.

    If the `figure` has no picture or table, this text and all captions are left out.
    """
    found = list(tokens)
    has_caption = any(isinstance(token, Image | Table) for token in found)
    yield Separator.BREAK
    for is_text, some in groupby(found, key=lambda token: isinstance(token, Span)):
        if not is_text:
            yield from (token for token in some if has_caption or not isinstance(token, Caption))
        elif has_caption and (spans := join_spans(token for token in some if isinstance(token, Span))):
            yield Caption(spans)
    yield Separator.BREAK


def _attached(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield a page's tokens (text and blocks) without captions that follow no picture or table. A picture's captions become one."""
    seen: object = None
    pending: list[Caption] = []
    for token in tokens:
        if isinstance(token, Caption):
            if isinstance(seen, Image | Table) and all(text_of(token.spans) not in text_of(each.spans) for each in pending):
                pending.append(token)
            continue
        if token is Separator.BREAK or (isinstance(token, Span) and not token.text.strip()):
            yield token
            continue
        yield from _joined(pending)
        pending = []
        seen = token
        yield token
    yield from _joined(pending)


def _joined(captions: Sequence[Caption]) -> Iterator[Caption]:
    """Yield the captions of a picture or table as a single caption, if there are any."""
    if captions:
        spans = join_spans(span for each in captions for span in (*each.spans, Span(" ")))
        yield Caption(spans, is_remark=captions[0].is_remark)


def _list_blocks(entries: Iterable[Sequence[Block]], *, ordered: bool = False, before: tuple[int, ...] = ()) -> Iterator[Block]:
    """Yield the blocks of a list: its entries, and between them the blocks that can't be an entry's text, such as code.

    Such a block divides the list in parts; numbers go on in the next part.

    Args:
        entries: The blocks of each entry. A nested list is a level deeper. An entry of quotations only has their text.
        ordered: Whether the entries have numbers.
        before: For each depth of nesting, the number that precedes the list's first number; empty if the list begins at 1.
    """
    part: list[tuple[int, Spans]] = []
    for entry in entries:
        has_text = False
        texts = (Quote,) if all(isinstance(block, Quote) for block in entry) else (Paragraph, Heading)
        for is_text, blocks in groupby(entry, key=lambda block: isinstance(block, texts)):
            if is_text and not has_text:
                part.append((0, join_lines(spans for block in blocks for spans in texts_of(block))))
                has_text = True
                continue
            for block in blocks:
                if isinstance(block, ListBlock):
                    part += ((depth + 1, spans) for depth, spans in block.items)
                    continue
                if part:
                    whole = ListBlock(tuple(part[: limits.MAX_ITEMS]), ordered, before)
                    yield whole
                    part, before = [], whole.after
                yield block
    if part:
        yield ListBlock(tuple(part[: limits.MAX_ITEMS]), ordered, before)


def _in_box(cell: GridCell, inner: list[Block]) -> Iterator[Token]:
    if _CAPTION_CLASS.search(cell.node.attributes.get("class") or ""):
        yield Caption(text_in_cell(inner))
    else:
        yield from inner


def _linked(style: Span) -> Span:
    """Return a plain style that keeps only the link of `style`, because headings and list entries have their own style."""
    return _PLAIN._replace(link=style.link)


def _link(node: LexborNode, base: str | None) -> str | None:
    href = node.attributes.get("href") or ""
    return None if href.startswith("#") else clean_link(_LINE_BREAK.sub("", href), base)
