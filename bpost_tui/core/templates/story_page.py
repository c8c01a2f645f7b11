"""Template of a story's page, from its category at the top to the next story. Pictures are shown, or only their captions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Literal

from bpost_tui.bengali.letters import digits
from bpost_tui.bengali.place_names import bengali_name
from bpost_tui.core.end_notice import end_notice
from bpost_tui.core.lists.topics import Topic, topics_of
from bpost_tui.core.templates.link_rows import linked, more_on
from bpost_tui.core.templates.table_items import runs_of, table
from bpost_tui.core.wording import also_in, portal_status, shown_title, tag_in_bengali
from bpost_tui.i18n import Language, message
from bpost_tui.model.blocks import (
    Block,
    Embed,
    EmbedKind,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    Spans,
    Table,
    plain_text,
    text_of,
)
from bpost_tui.model.datelines import dateline, untagged_headline
from bpost_tui.model.story import Headline, SavedStory, images
from bpost_tui.model.story_links import display_host
from bpost_tui.typesetting.text.curly_quotes import curl_quotes
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.text_direction import is_rtl, join_with_dots
from bpost_tui.typesetting.typeset.items import Figure, Item, Para, Rule, Run, Runs, Size
from bpost_tui.typesetting.typeset.photo import Photo

END_MARK = "∎"
Print = Callable[[int, int], Photo | None]
"""Function that takes a width and height in pixels, and returns a picture of this size; None until the picture is ready."""

_OF_A_SCRIPT = lazy_pattern(" (?:CAPITAL|SMALL|LETTER|SIGN|SYLLABLE|VOWEL|HIEROGLYPH|IDEOGRAM|UNIFIED|COMPATIBILITY)\\b")
_OF_EAST_ASIA = frozenset(("CJK", "Hiragana", "Katakana", "Hangul", "Bopomofo"))
_EMBEDDED: Mapping[EmbedKind, str] = MappingProxyType(
    {
        "video": message("Video"),
        "audio": message("Audio"),
        "post": message("Post"),
        "document": message("Document"),
        "talk": message("Comments"),
        "page": message("Embedded page"),
    }
)
_PICTURE_BEFORE_EM = 0.8
_PARAGRAPH_INDENT_EM = 1.0
_CODE_INDENT_EM = 1.2
"""Indent of program code, in em: as wide as two letters of the code."""
_PART = lazy_pattern(r"[^\s·](?:[^·]*[^\s·])?")
_LONGEST_WHOLE_PART = 30
_NOTHING = Rule("")
"""Item of almost no height, in place of an item that a page in a low window lacks.

Reading positions are saved as indexes of items, so each item must have the same index in low and high windows.
"""
_FEW_LINES = 2
"""Maximum number of lines of a headline in a window that has few lines."""
_LONGEST_LEAD = 600
"""Maximum length in characters of a first paragraph that is typeset larger than the other paragraphs."""


def story(
    saved: SavedStory,
    language: Language,
    *,
    paper: str,
    following: Headline | None = None,
    rest: str = "",
    figure: Callable[[Image], Item] | None = None,
    indents: bool = False,
    missing_letters: str = "",
    is_low: bool = False,
    begins_with_text: bool = False,
    papers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Item, ...]:
    """Return the items (paragraphs, pictures …) of a story's page, from its category at the top to the next story's headline.

    Args:
        saved: Story with its text.
        language: Language of the interface.
        paper: Name of the story's paper.
        following: Next story in the list; None if there is none.
        rest: Reason why only the beginning of the text is saved; empty if the whole text is saved, or the reason isn't known.
        figure: Function that returns the item for a picture; by default, a line with the caption.
        indents: Whether paragraphs begin with an indent, instead of being separated by vertical space.
        missing_letters: Letters of the story that no installed font has.
        is_low: Whether the window is low. The headline is smaller then, and the category and place are in the line below it.
        begins_with_text: Whether at most two lines of a low window's headline precede the text, because the window has few lines.
            The whole headline and the line below it follow the text.
        papers: Names of papers by their keys, for the other stories about the same news.
    """
    figure = figure or partial(label, language=language)
    row, topics = saved.headline, topics_of(saved)
    minutes = language.reading_minutes(plain_text(saved.blocks))
    also = also_in(saved, language, papers)
    line = join_with_dots(paper, *row.credits, language.date(row.published), *portal_status(row, language), minutes, also)
    place = tag_in_bengali(row)
    names = [category.name for category in row.categories if not place or bengali_name(category.name) != place]
    where = join_with_dots(*names[:3])
    align: Literal["start", "end"] = (
        "end" if is_rtl(row.title) else "start"
    )  # as the title's: a name in a script of the other direction mustn't change the side
    kicker, title = _kicker(row, topics, where), linked(_title(row, language), topics, "tag")
    byline = _in_parts(linked((Run(line, "meta"),), topics, "author"))
    behind: tuple[Item, ...] = ()
    above: tuple[Item, ...] = (
        Para(kicker, Size.SMALL, align=align, max_lines=1),
        Para(title, Size.HEADLINE, before=0.2, is_prose=True),
        Para(byline, Size.SMALL, align=align, before=0.5),
        _NOTHING,
    )
    if is_low:
        short = join_with_dots(paper, also, *row.credits[:1], language.date(row.published))
        under = (
            *kicker,
            *((Run(" · ", "meta"),) if kicker[0].text.strip() else ()),
            *linked((Run(short, "meta"),), topics, "author"),
        )
        whole = Para(title, Size.LOW_HEADLINE, is_prose=True), Para(under, Size.SMALL, align=align, max_lines=1)
        above = (*whole, _NOTHING, _NOTHING)
        if begins_with_text:
            above, behind = (whole[0]._replace(max_lines=_FEW_LINES), _NOTHING, _NOTHING, _NOTHING), whole
    head: list[Item] = [
        *above,
        *(figure(image) for image in images(saved)[:1] if image not in saved.blocks),
    ]
    first = next((block for block in saved.blocks if not isinstance(block, Embed | Image)), None)
    body = [item for block in saved.blocks for item in _block(block, language, figure, topics, first=block is first, is_low=is_low)]
    if indents:
        body = [_indented(item, after) for item, after in zip(body, [None, *body], strict=False)]
    if not body:
        body = [Para((Run(row.excerpt or language.text("This story has no text."), "text"),), before=0.6)]
    tail: list[Item] = [Para((Run(END_MARK, "meta"),), Size.SMALL, align="center", before=1.0), *behind]
    if notice := end_notice(saved, language, rest):
        tail.insert(0, Para((Run(notice, "meta"),), Size.SMALL, before=1.0))
    if why := missing_letters_line(missing_letters, language):
        tail.insert(0, Para((Run(why, "meta"),), Size.SMALL, before=1.0))
    tail += [item for other in saved.same_news for item in _other_account(other, language, papers)]
    if topics:
        tail.append(more_on(topics, language))
    if following is not None:
        headline = Run(curl_quotes(untagged_headline(following.title)), "text", bold=True)
        tail.append(Para((Run(language.text("Next"), "meta"), Run("  "), headline), Size.SMALL, before=1.0, max_lines=2))
    return (*head, *body, *tail)


def _other_account(row: Headline, language: Language, papers: Mapping[str, str]) -> tuple[Item, ...]:
    """Return two lines about another story of the same news: its paper and date, and its headline, a link to the story."""
    where = join_with_dots(papers.get(row.paper, row.paper), language.date(row.published), *portal_status(row, language))
    title = shown_title(curl_quotes(untagged_headline(row.title)), language)
    return (
        Para((Run(language.text("The same news"), "meta"), Run("  "), Run(where, "meta")), Size.SMALL, before=1.0, max_lines=1),
        Para((Run(title, "link", underline=True, link=str(row.id)),), Size.SMALL, before=0.1, max_lines=2),
    )


def _in_parts(runs: Runs) -> Runs:
    """Return `runs` changed so that a line can end only at the dots (·) between their parts.

    Exception: in a part with more than `_LONGEST_WHOLE_PART` characters, a line may also end at a space.
    """

    def whole(part: re.Match[str]) -> str:
        return part[0].replace(" ", "\u00a0") if len(part[0]) <= _LONGEST_WHOLE_PART else part[0]

    return tuple(run._replace(text=_PART.sub(whole, run.text)) for run in runs)


def missing_letters_line(letters: str, language: Language) -> str:
    """Return a line that names the scripts of letters without a font, and the packages to install.

    Empty if `letters` is empty or names no known script.
    """
    if not (scripts := _scripts(letters)):
        return ""
    packages = dict.fromkeys("fonts-noto-cjk" if script in _OF_EAST_ASIA else "fonts-noto-core" for script in scripts)
    return language.text(
        "No font here has letters of {scripts}: install Noto fonts for them (in Debian {packages}).",
        scripts=", ".join(scripts),
        packages=", ".join(packages),
    )


def _scripts(letters: str) -> list[str]:
    """Return the names of the scripts that letters belong to, as the Unicode standard spells them, for example "Ol Chiki"."""
    names = (_OF_A_SCRIPT.split(unicodedata.name(char, ""))[0] for char in letters)
    return [name if name == "CJK" else name.title() for name in dict.fromkeys(names) if name]


def body(blocks: Sequence[Block], language: Language) -> tuple[Item, ...]:
    """Return the items (paragraphs, pictures …) of a story's text, without the headline above it and the lines below it.

    Pictures are shown as captions.
    """
    figure = partial(label, language=language)
    return tuple(item for block in blocks for item in _block(block, language, figure, (), first=False))


def story_as_text(saved: SavedStory, language: Language) -> str:
    """Return a story as plain text: headline, credits and date, text, address."""
    row = saved.headline
    line = " · ".join(part for part in (*row.credits, language.date(row.published)) if part)
    return "\n\n".join(part for part in (row.title, line, plain_text(saved.blocks) or row.excerpt, row.link) if part) + "\n"


def _kicker(row: Headline, topics: Sequence[Topic], where: str) -> Runs:
    """Return the line above a story's headline: its place or department, if the Bengali name is known, then its categories.

    `where` is the text of the categories. The place is a link if it is one of the story's `topics`.
    """
    place = tag_in_bengali(row)
    if not place:
        return (Run(where or row.tag or " ", "meta"),)
    link = next((topic.link for topic in topics if topic.kind == "tag" and topic.name == row.tag), None)
    return (Run(place, "text", bold=True, link=link), *((Run(f" · {where}", "meta"),) if where else ()))


def _title(row: Headline, language: Language) -> Runs:
    title = untagged_headline(row.title) if tag_in_bengali(row) else row.title
    return (Run(shown_title(title, language), "headline", bold=True),)


def _indented(item: Item, after: Item | None) -> Item:
    """Return a paragraph with an indent and without space above it, if the item before it is also a paragraph.

    Return any other item unchanged. `after` is the item before it, or None at the beginning.
    """
    is_body = isinstance(item, Para) and item.size is Size.BODY and item.is_prose and not item.indent
    if is_body and isinstance(item, Para) and isinstance(after, Para) and after.size in (Size.LEAD, Size.BODY):
        return item._replace(before=0.0, first_indent=_PARAGRAPH_INDENT_EM)
    return item


def _block(
    block: Block,
    language: Language,
    figure: Callable[[Image], Item],
    topics: Sequence[Topic],
    *,
    first: bool,
    is_low: bool = False,
) -> list[Item]:
    match block:
        case Paragraph(spans):
            runs = runs_of(spans)
            if first:
                is_lead = len(text_of(spans)) <= _LONGEST_LEAD and not is_low
                runs = linked(_with_dateline(spans, runs), topics, "place")
                return [Para(runs, Size.LEAD if is_lead else Size.BODY, before=0.6 if is_low else 1.0, is_prose=True)]
            return [Para(runs, before=0.6, is_prose=True)]
        case Heading(spans):
            return [Para(runs_of(spans, "headline", bold=True), Size.SUBHEAD, before=1.0, is_prose=True)]
        case Quote(paragraphs):
            return [
                Para(runs_of(spans, "quote"), indent=1.4, bar="accent", before=0.6 if at == 0 else 0.0, is_prose=True)
                for at, spans in enumerate(paragraphs)
            ]
        case ListBlock():
            entries = [*block.numbered()]
            shown = digits if any(_has_bengali(spans) for _, _, spans in entries) else str  # the story's, not the interface's
            markers = (f"{shown(number)}." if block.ordered else "•" for number, _, _ in entries)
            return [_entry(item, marker, first=at == 0) for at, (item, marker) in enumerate(zip(entries, markers, strict=True))]
        case Table():
            return table(block)
        case Image():
            return [figure(block)]
        case Embed():
            return [embed(block, language)]
        case Preformatted(spans):
            return [Para(_untabbed(runs_of(spans)) or (Run(" ", "text"),), Size.CODE, indent=_CODE_INDENT_EM, before=0.6)]


def _has_bengali(spans: Spans) -> bool:
    return any("\u0980" <= letter <= "\u09ff" for span in spans for letter in span.text)


def _entry(item: tuple[int, int, Spans], marker: str, *, first: bool) -> Para:
    _, depth, spans = item
    return Para(
        runs_of(spans),
        indent=1.4 * (depth + 1),
        marker=(Run(marker, "meta"),),
        before=0.4 if first else 0.15,
        is_prose=True,
    )


def _untabbed(runs: Runs) -> Runs:
    """Return `runs` with each tab replaced by spaces, up to the next column that is a multiple of eight."""
    column, found = 0, list[Run]()
    for run in runs:
        text = (" " * column + run.text).expandtabs()
        found.append(run._replace(text=text[column:]))
        column = len(text) - text.rfind("\n") - 1
    return tuple(found)


def _with_dateline(spans: Spans, runs: Runs) -> Runs:
    """Return `runs`, a paragraph's text, with the dateline at its start (place and reporter) in the colour of a byline.

    `spans` are the spans that `runs` were made from.
    """
    left = len(dateline("".join(span.text for span in spans)))
    found: list[Run] = []
    for run in runs:
        if left:
            found.append(Run(run.text[:left], "meta", run.bold))
        if run.text[left:]:
            found.append(run._replace(text=run.text[left:]))
        left = max(0, left - len(run.text))
    return tuple(found)


# ── pictures ────────────────────────────────────────────────────────────────


def embed(block: Embed, language: Language) -> Item:
    """Return a line instead of an embedded page (such as a video): its kind, its title, and a link to it."""
    words = f"▶ {language.text(_EMBEDDED[block.kind])}: {block.title or display_host(block.address)}"
    about = " · ".join(filter(None, (_length(block.length_s, language), _size(block.size_bytes, language))))
    after: Runs = (Run(f" · {about}", "meta"),) if about else ()
    return Para((Run(words, "link", underline=True, link=block.address), *after), before=0.6)


def _length(seconds: int, language: Language) -> str:
    """Return a duration in hours and minutes as text; empty if `seconds` is 0, which means that it isn't known."""
    minutes = -(-seconds // 60)
    if minutes < 60:
        return language.text("{minutes} min", minutes=language.number(minutes)) if minutes else ""
    hours, minutes = divmod(minutes, 60)
    return language.text("{hours} h {minutes} min", hours=language.number(hours), minutes=language.number(minutes))


def _size(size_bytes: int, language: Language) -> str:
    """Return the size of a file in MB as text; empty below half a megabyte, because such sizes are unknown or wrong."""
    megabytes = round(size_bytes / 1_000_000)
    return language.text("{n} MB", n=language.number(megabytes)) if megabytes else ""


def label(image: Image, language: Language, *, note: str = "") -> Item:
    """Return a line instead of a picture that isn't shown: its caption, and a note, for example the key that shows it."""
    name = f"▣ {language.text('Picture')}" + (": " if image.words else "")
    after: Runs = (Run(" · ", "faded"), Run(note.replace(" ", "\u00a0"), "headline")) if note else ()
    runs = (Run(name, "meta"), *runs_of(image.words, "meta"), *after)
    return Para(runs, Size.SMALL, before=_PICTURE_BEFORE_EM, is_prose=True, is_picture_label=True)


def figure(image: Image, size_px: tuple[int, int], print: Print) -> Item:
    """Return a picture of `size_px` (width and height) with its caption.

    Its frame stays empty until `print` returns the picture.
    """
    return Figure(*size_px, print, runs_of(image.words, "meta"), before=_PICTURE_BEFORE_EM)


def picture_placeholder(width_px: int, height_px: int) -> Photo | None:
    """Return None, so that an empty frame is shown until the picture arrives."""
    return None
