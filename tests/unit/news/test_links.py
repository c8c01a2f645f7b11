from __future__ import annotations

import pytest

from bpost_tui.model.links import Link, category_of, is_of_site, links_of, shown_host
from bpost_tui.model.story import Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Span, Table

ONE, TWO, THREE = "https://one.example/a", "https://two.example/", "http://three.example/x"


def test_links_of_every_kind_of_block_come_in_reading_order_each_once() -> None:
    blocks = (
        Image("https://pictures.example/a.jpg", caption="ছবি"),
        Heading((Span("এক", link=ONE),)),
        Paragraph((Span("আগে "), Span("দুই ", link=TWO), Span("মোটা", bold=True, link=TWO), Span(" আবার "), Span("এক", link=ONE))),
        Quote(((Span("তিন", link=THREE),),)),
        ListBlock(((0, (Span("চার", link=ONE + "/4"),)),)),
        Table((((Span("পাঁচ", link=ONE + "/5"),),),)),
        Preformatted("https://six.example"),
    )
    assert links_of(blocks) == (
        Link("এক", ONE),
        Link("দুই মোটা", TWO),
        Link("তিন", THREE),
        Link("চার", ONE + "/4"),
        Link("পাঁচ", ONE + "/5"),
    )


def test_link_whose_first_words_are_none_takes_those_that_follow() -> None:
    assert links_of((Paragraph((Span(" ", link=ONE), Span("·"), Span("এক", link=ONE))),)) == (Link("এক", ONE),)


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
def test_host_is_shown_as_it_is_asked_for(address: str, host: str) -> None:
    assert shown_host(address) == host


@pytest.mark.parametrize(
    ("address", "site", "is_its"),
    [
        ("https://thebengalpost.net/a", "https://thebengalpost.net", True),
        ("http://www.thebengalpost.net", "https://thebengalpost.net", True),
        ("https://thebengalpost.net.evil.example/a", "https://thebengalpost.net", False),
        ("https://evil.example/thebengalpost.net", "https://thebengalpost.net", False),
        ("https://example.org/blog/a", "https://example.org/blog", True),
        ("https://example.org/blogs/a", "https://example.org/blog", False),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:80", False),
    ],
)
def test_page_of_a_site_is_told_from_others(address: str, site: str, *, is_its: bool) -> None:
    assert is_of_site(address, site) is is_its


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("https://x.example/category/education/", "education"),
        ("https://x.example/blog/category/news/%e0%a6%a8%e0%a6%a6%e0%a7%80?paged=2", "নদী"),
        ("https://x.example/category/", None),
        ("https://x.example/category-of-one", None),
    ],
)
def test_category_of_an_address_is_the_last_of_its_path(address: str, slug: str | None) -> None:
    assert category_of(address) == slug


def test_link_path_is_told_in_letters() -> None:
    assert Link("", "https://x.example/%e0%a6%a8%e0%a6%a6%e0%a7%80?a=%0a#b").path == "/নদী?a="
