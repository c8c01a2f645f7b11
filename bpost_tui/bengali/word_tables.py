"""Tables of words, `tables/*.txt`: text files in the package, each read when it is first needed.

    # a note for people who edit the table
    [names]                          the part that the lines below it belong to
    হাসপাতাল, হসপিটাল: hospital
    ছাত্র, ছাত্রী < student
    ভাল, ভালো

The module that reads a table explains the meaning of its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_FOLDER = Path(__file__).with_name("tables")
_BENGALI = "[\u0981-\u09fe\u200c\u200d0-9]+(?:[ -][\u0981-\u09fe\u200c\u200d0-9]+)*"
_LATIN = "~?[a-z0-9]+(?: [a-z0-9]+)*"
_LINE = lazy_pattern(f"({_BENGALI}(?:, {_BENGALI})*)(?:(: | < )({_LATIN}(?:, {_LATIN})*))?")


class WordTableEntry(NamedTuple):
    """Line of a table of words."""

    bengali: tuple[str, ...]
    latin: tuple[str, ...]
    is_one_way: bool
    """Whether the line has `<`: a search for the Latin words finds the Bengali words, but not the reverse."""


def entries(table: str, form: Callable[[str], str], *parts: str) -> Iterator[WordTableEntry]:
    """Yield the lines of the file `tables/<table>.txt`.

    If `parts` are given, yield only the lines in the parts with these names. `form` is a function that the file's text is passed
    through first, such as `normalised` for words as search compares them.

    Raises:
        ValueError: A line doesn't have the form that this module's docstring shows.
    """
    text = form((_FOLDER / f"{table}.txt").read_text("utf-8"))
    part = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("["):
            part = line.strip("[]")
        elif line and not line.startswith("#") and (not parts or part in parts):
            if (found := _LINE.fullmatch(line)) is None:
                raise ValueError(f"{table}.txt, line {number}: not a line of a table: {line!r}")
            bengali, mark, latin = found.groups()
            yield WordTableEntry(tuple(bengali.split(", ")), tuple(latin.split(", ")) if latin else (), mark == " < ")
