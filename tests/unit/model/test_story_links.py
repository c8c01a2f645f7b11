from __future__ import annotations

import pytest

from bpost_tui.model.blocks import Embed, Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Span, Table
from bpost_tui.model.story_links import StoryLink, display_host, links_of

ONE, TWO, THREE = "https://one.example/a", "https://two.example/", "http://three.example/x"


def test_links_are_listed_once_in_reading_order() -> None:
    blocks = (
        Image("https://pictures.example/a.jpg", caption=(Span("ছবি"),)),
        Heading((Span("এক", link=ONE),)),
        Paragraph((Span("আগে "), Span("দুই ", link=TWO), Span("মোটা", bold=True, link=TWO), Span(" আবার "), Span("এক", link=ONE))),
        Quote(((Span("তিন", link=THREE),),)),
        ListBlock(((0, (Span("চার", link=ONE + "/4"),)),)),
        Table((((Span("পাঁচ", link=ONE + "/5"),),),)),
        Preformatted((Span("https://six.example"), Span("ছয়", link=ONE + "/6"))),
    )
    assert links_of(blocks) == (
        StoryLink("এক", ONE),
        StoryLink("দুই মোটা", TWO),
        StoryLink("তিন", THREE),
        StoryLink("চার", ONE + "/4"),
        StoryLink("পাঁচ", ONE + "/5"),
        StoryLink("ছয়", ONE + "/6"),
    )


def test_link_text_skips_leading_blanks() -> None:
    assert links_of((Paragraph((Span(" ", link=ONE), Span("·"), Span("এক", link=ONE))),)) == (StoryLink("এক", ONE),)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://thebengalpost.net/a?b#c", "thebengalpost.net"),
        ("https://xn--54b7fta0cc.example/", "xn--54b7fta0cc.example (বাংলা.example)"),
        ("https://xn--a.example/", "xn--a.example"),
        ("http://[::1]:8000/", "::1"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
    ],
)
def test_display_host_is_the_requested_host(address: str, host: str) -> None:
    assert display_host(address) == host


def test_link_path_is_decoded_to_letters() -> None:
    assert StoryLink("", "https://x.example/%e0%a6%a8%e0%a6%a6%e0%a7%80?a=%0a#b").path == "/নদী?a="


def test_embed_is_listed_as_a_link_in_reading_order() -> None:
    blocks = (
        Paragraph((Span("এক", link=ONE),)),
        Embed("https://v.example/1", "video", "ভিডিও"),
        Paragraph((Span("দুই", link=ONE + "/2"),)),
    )
    assert links_of(blocks) == (StoryLink("এক", ONE), StoryLink("ভিডিও", "https://v.example/1"), StoryLink("দুই", ONE + "/2"))
