"""Markup made to slow parsers down is parsed in time, and its text survives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.portal.html.block_parser import parse_blocks
from bpost_tui.portal.html.sanitize_html import MAX_DEPTH, sanitize_html

HOSTILE = {
    "unclosed tags": "<a " * 60_000,
    "unclosed comments": "<!--" * 40_000,
    "broken declaration": "text<![",
    "divs 100,000 deep": "<div>" * 100_000,
    "unclosed inline tags": "<b>" * 100_000,
    "a megabyte of attributes": "<p " + 'x="y" ' * 170_000 + ">",
    "100,000 different attributes": "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">",
    "a megabyte in one attribute": '<p title="' + "x" * 1_000_000 + '">',
    "unclosed quotes": '<a b="' * 100_000,
    "unclosed scripts": "<script>" * 100_000,
    "stray end tags": "</div>" * 100_000,
    "misnested tables": "<div><table></div></table>" * 25_000,
    "lists never closed": "<ul>" * 60 + "<li>x" * 50_000,
    "a table of 200,000 cells": "<table>" + ("<tr>" + "<td>x" * 200) * 1000,
    "3 MB without a space": "<pre>" + "x" * 3_000_000,
    "players never closed": "<audio>x<video>y<iframe>z" * 30_000,
    "10,000 pictures": "<img src=/a.jpg>" * 10_000,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_blocks_of_hostile_markup_are_parsed_quickly(html: str) -> None:
    began = time.process_time()
    parse_blocks("<p>আগে</p>" + html, "https://thebengalpost.net/")
    assert time.process_time() - began < 2.5


def test_sanitize_html_keeps_the_text_of_deep_nesting() -> None:
    assert "শেষ" in sanitize_html("<div>" * 100_000 + "শেষ")
    assert sanitize_html("<div>" * 1000).count("<div>") == MAX_DEPTH


def test_sanitize_html_drops_scripts_and_closes_elements() -> None:
    html = "<p onclick=x()>ক<script>if (a<b) '</p>'</script><!-- > --><b>খ<style>p{}</style>"
    assert sanitize_html(html) == "<p>ক<b>খ</b></p>"
    assert sanitize_html("<plaintext><p>ক<xmp>a <b> c</xmp>") == "<p>ক<pre>a &lt;b&gt; c</pre></p>"


def test_sanitize_html_keeps_a_bare_less_than_sign() -> None:
    assert sanitize_html("5 < 7, <b>৮</b>") == "5 < 7, <b>৮</b>"


@given(st.text(alphabet="<>/!-='\"ab pdivtrl &;", max_size=300))
def test_sanitize_html_of_any_markup_is_balanced(html: str) -> None:
    tamed = sanitize_html(html)
    assert sanitize_html(tamed).count("<") <= tamed.count("<") + 1
    parse_blocks(html, None)


@pytest.mark.parametrize("name", ["audio", "video", "iframe"])
def test_sanitize_html_closes_an_unclosed_player_at_its_start(name: str) -> None:
    assert sanitize_html(f"<{name} src='a'>\n<p>b</p><{name} src='c'></{name}>") in (
        f'<{name} src="a">\n</{name}><p>b</p><{name} src="c"></{name}>',
        f'<{name} src="a"></{name}>\n<p>b</p><{name} src="c"></{name}>',
    )
    assert sanitize_html(f"<{name} src='a'>b</{name}>") in (f'<{name} src="a">b</{name}>', f'<{name} src="a"></{name}>')


@pytest.mark.parametrize("name", ["audio", "video", "object", "canvas", "select"])
def test_sanitize_html_closes_self_closed_players(name: str) -> None:
    assert sanitize_html(f"<{name}/><source src='a'><b>c</b>") == f'<{name}><source src="a"></{name}><b>c</b>'
