"""Reading JSON value by value: a file of any size takes no more memory than its largest value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn, TextIO

from bpost_tui.errors import ContentError
from bpost_tui.i18n import message

MAX_VALUE_CHARS = 16 << 20
_CHUNK_CHARS = 1 << 16
_BLANKS = " \t\n\r"
_AFTER_A_VALUE = frozenset(",]}:" + _BLANKS)


class JsonStream:
    """Reads one JSON text (RFC 8259). Every method raises ContentError if it isn't JSON, or a value is too large."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)
        self._text = ""
        self._at = 0

    def members(self) -> Iterator[str]:
        """Yield the names of an object's members; the value of each must be read before the next."""
        self._take("{")
        if self._peek() != "}":
            while True:
                name = self.value()
                if not isinstance(name, str):
                    _fail()
                self._take(":")
                yield name
                if self._peek() != ",":
                    break
                self._take(",")
        self._take("}")

    def elements(self) -> Iterator[object]:
        """Yield the elements of a list."""
        self._take("[")
        if self._peek() != "]":
            while True:
                yield self.value()
                if self._peek() != ",":
                    break
                self._take(",")
        self._take("]")

    def value(self) -> object:
        """Return the next value, of any type."""
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._fill():
                    continue
                raise ContentError(message("not JSON, or cut short")) from error
            except (ValueError, RecursionError) as error:  # a number of too many digits, too many levels
                raise ContentError(message("this JSON is nested too deeply, or has a number that is too long")) from error
            # what has been read may end inside a number: `1` of `1.5e3`
            if self._text[end : end + 1] in _AFTER_A_VALUE or not self._fill():
                self._at = end
                return value

    def end(self) -> None:
        """Raise ContentError if anything but blanks follows."""
        if self._peek():
            _fail()

    def _peek(self) -> str:
        """Return the next character that isn't blank, without reading it; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def _take(self, char: str) -> None:
        if self._peek() != char:
            _fail()
        self._at += 1

    def _fill(self) -> bool:
        """Read as much again as is unread, so that a long value isn't tried too often; return whether there was more."""
        unread = self._text[self._at :]
        if len(unread) > MAX_VALUE_CHARS:
            raise ContentError(message("one of its values is too large"))
        try:
            more = self._file.read(max(_CHUNK_CHARS, len(unread)))
        except UnicodeDecodeError as error:
            raise ContentError(message("not UTF-8 text")) from error
        self._text, self._at = unread + more, 0
        return bool(more)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _fail() -> NoReturn:
    raise ContentError(message("not JSON, or cut short"))
