"""Seeded mutator of bytes, which imitates accidents and attacks on a transfer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

MAX_BYTES = 200_000
"""Largest size of a mutated input; the fault portal tests larger ones."""

_CONTROLS = (b"\x1b[31m", b"\x1b]52;c;aGk=\x07", b"\x1bP", b"\x9b2J", b"\x00", b"\x07", b"\x08", b"\r", b"\x7f", b"\x85", b"\x0b")
_UNICODE = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        "\u202e",
        "\u2066",
        "\u2069",
        "\u200d",
        "\u200c",
        "\u09cd",
        "\u0301" * 9,
        "\ud800",
        "\udfff",
        "\ufeff",
        "\U000f0000",
    )
)
_NO_UTF8 = (b"\xff", b"\xfe", b"\xc0\x9b", b"\xe0\xa6", b"\xf4\x90\x80\x80", b"\x80")
_NUMBERS = (
    *(b"-1", b"0", b"-0", b"0.5", b"1e-400", b"2147483648", b"9007199254740992", b"9007199254740993", b"9223372036854775808"),
    *(b"99999999999999999999", b"1" + b"0" * 400, b"9" * 5000, b"1" + b"0" * 400 + b".5", b"1e308", b"1e999", b"-1e999"),
    *(b"NaN", b"Infinity", b"-Infinity", b"inf", b"0x1b", b"0x" + b"f" * 4000, b"true", b"null", b"[1]"),
)
_NUMBER = re.compile(rb"-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b")
_MARKUP = (
    *(b"&#x1b;", b"&#27;", b"&#x9b;", b"&amp;#27;", b"&#xD800;", b"&lt;b&gt;", b"&x;", b"&"),
    *(b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<?xml version='1.0'?>", b"<", b">", b"</", b"/>"),
    *(b"<a href='javascript:x'>", b"<table><tr><td>", b"<pre>", b"<li>", b"<script>", b"<p", b"<title>", b"</item>", b"<item>"),
    *(b" xmlns:a='b'", b" xml:base='http://[::1'", b" type='application/octet-stream'", b" mode='base64'", b"[@click=app.quit]"),
    *(b"{", b"}", b"[", b"]", b'"', b"\\", b"\\ud800", b"null", b",", b":", b"'", b'"""', b"=", b"#", b"\n", b" ", b"-", b"("),
)
TOKENS = (*_CONTROLS, *_UNICODE, *_NO_UTF8, *_NUMBERS, *_MARKUP)


def renumber(data: bytes, dice: Random) -> bytes:
    """Return `data` with one to five of its numbers replaced."""
    for _ in range(dice.randint(1, 5)):
        data = _number(data, (), dice)[:MAX_BYTES]
    return data


def mutate(data: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    """Return `data` after one to eight mutations; the same `dice` give the same result."""
    for _ in range(dice.choice((1, 1, 2, 2, 3, 5, 8))):
        data = dice.choice(_WAYS)(data, others, dice)[:MAX_BYTES]
    return data


def _stretch(data: bytes, dice: Random, longest: int = 400) -> tuple[int, int]:
    start = dice.randint(0, len(data))
    return start, min(len(data), start + dice.randint(0, longest))


def _flip(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << dice.randrange(8),)) + data[at + 1 :]


def _put(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.choice(TOKENS) + data[at:]


def _replace(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    start, end = _stretch(data, dice, 12)
    return data[:start] + dice.choice(TOKENS) + data[end:]


def _number(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    """Replace one number by another."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    start, end = dice.choice(found).span()
    return data[:start] + dice.choice(_NUMBERS) + data[end:]


def _drop(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:start] + data[end:]


def _double(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 1, 2, 20)) + data[end:]


def _pile(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.choice(TOKENS) * dice.choice((3, 70, 300)) + data[at:]


def _cut(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    return data[: dice.randint(0, len(data))]


def _splice(data: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    other = dice.choice(others)
    start, end = _stretch(other, dice, 2000)
    return data[:at] + other[start:end] + data[at:]


def _swap(data: bytes, _: Sequence[bytes], dice: Random) -> bytes:
    start, end = _stretch(data, dice)
    to = dice.randint(0, len(data) - (end - start))
    rest = data[:start] + data[end:]
    return rest[:to] + data[start:end] + rest[to:]


_WAYS = (_flip, _flip, _put, _put, _put, _replace, _replace, _number, _drop, _double, _pile, _cut, _splice, _swap)
