"""Recognition of texts that end with a note such as "Read more", because they are only the story's beginning.

Pure, linear in the length of a text's last lines.
"""

from __future__ import annotations

import re

from bpost_tui.model.blocks import Blocks, text_of, texts_of
from bpost_tui.model.story import SavedStory
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_DOTS = lazy_pattern(r" *(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.\.\.)$")
_DOTS_IN_BRACKETS = lazy_pattern(r"[\[(](?:…|\.\.\.)[\])]$")
_MAX_DOTS_CHARS = 8
"""Number of characters searched for dots at the end of a line, since a search from the line's beginning takes ten times as long."""
_READ_MORE = lazy_pattern(
    r"\W*(?:(?:read|learn|see|find out) more|read (?:on|it all|full (?:story|article|post)"
    r"|the (?:full|rest|whole|entire) ?\w{0,12})"
    r"|(?:continue|keep) reading|full (?:story|article|text)|more|click here to (?:read|continue)[\w ]{0,20}"
    r"|weiterlesen|mehr(?: lesen)?|lire (?:la suite|plus)|la suite|leer más|(?:seguir|continúa) leyendo|leggi (?:tutto|di più)"
    r"|continua(?: a leggere)?|lees (?:meer|verder)|läs mer|les mer|læs mere|lue lisää|czytaj (?:dalej|więcej)|leia mais"
    r"|continue lendo|devamını oku|читать (?:далее|дальше|полностью)|подробнее|далее|আরও পড়ুন|আরো পড়ুন|বিস্তারিত(?: পড়ুন)?"
    r"|और पढ़ें|続きを読む|阅读全文|阅读更多|더 보기)(?: (?:about|from|on))?\W*",
    re.IGNORECASE,
)
_READ_MORE_ENDS = lazy_pattern(r"(?:[.!?…)»”\"]|^)\s*(?:continue reading|read more|read full story)\W*$", re.IGNORECASE)
_SIGNED = lazy_pattern(r"The post .{1,400} (?:appeared first on|first appeared on) .{1,200}", re.DOTALL)
"""Pattern of the line that WordPress adds under a text in a feed: "The post … appeared first on …"."""
_WORD = lazy_pattern(r"\w+")
_LAST_BLOCKS = 3
_MAX_BEFORE_TITLE = 60
"""Number of characters searched for a title at the end of a line, in addition to the title's own length.

Quotes or spaces may have been added to the title.
"""


def says_truncated(text: Blocks, *, title: str, is_called_whole: bool) -> bool:
    """Whether a text ends with a note, such as "Read more", that more of the text exists elsewhere.

    `title` is the story's title, which may follow the note. If the portal declares that the text is whole (`is_called_whole`),
    three dots at the end don't count as a note.
    """
    dots = _DOTS_IN_BRACKETS if is_called_whole else _DOTS
    last = [text_of(spans).strip() for block in text[-_LAST_BLOCKS:] for spans in texts_of(block)]
    last = [line for line in last[-_LAST_BLOCKS:] if line and not _SIGNED.fullmatch(line)]
    return bool(last) and (bool(dots.search(last[-1][-_MAX_DOTS_CHARS:])) or any(_is_read_more_line(line, title) for line in last))


def with_ellipsis(line: str) -> str:
    """Return an excerpt with `…` in place of other dots at its end, such as WordPress's `[…]`. `line` doesn't end in a space."""
    start = max(len(line) - _MAX_DOTS_CHARS, 0)
    return line[:start] + _DOTS.sub("…", line[start:])


def _is_read_more_line(line: str, title: str) -> bool:
    """Whether a line is WordPress's "Continue reading", alone or followed by the story's title for screen readers."""
    named = _WORD.findall(title)
    end = line[-len(title) - _MAX_BEFORE_TITLE :]
    if named and named[0] in end:  # rarely so, and then the words are compared, which takes longer
        words = list(_WORD.finditer(end))[-len(named) :]
        if [word[0] for word in words] == named:
            line = line[: len(line) - len(end) + words[0].start()]
    return bool(_READ_MORE.fullmatch(line) or _READ_MORE_ENDS.search(line[-80:]))


def is_truncated(saved: SavedStory) -> bool:
    """Whether only the beginning of a story is saved: nothing but an excerpt, or a text with a note such as "Read more"."""
    if saved.headline.full:
        return False
    return not saved.blocks or says_truncated(saved.blocks, title=saved.headline.title, is_called_whole=False)
