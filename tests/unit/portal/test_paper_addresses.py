"""Keys of papers' addresses; `test_known_papers` has the forms of addresses that readers paste."""

from __future__ import annotations

import pytest

from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.paper_addresses import paper_keys, paper_variants_key

FEEDBURNER = "https://feeds.feedburner.com/TheNerdpocalypse"
BLOGGER = "https://blog.blogspot.com/feeds/posts/default"


@pytest.mark.parametrize(
    ("paper", "variant"),
    [
        (FEEDBURNER, "http://feeds.feedburner.com/TheNerdpocalypse?format=xml"),
        (FEEDBURNER, "http://feeds.feedburner.com/thenerdpocalypse/?fmt=xml&utm_source=mail"),
        (FEEDBURNER, "http://feeds2.feedburner.com/TheNerdpocalypse"),
        (FEEDBURNER, "http://feedproxy.google.com/TheNerdpocalypse"),
        (BLOGGER, "http://blog.blogspot.com/feeds/posts/default/"),
        (BLOGGER, "https://blog.blogspot.com/feeds/posts/default?alt=rss"),
        (BLOGGER, "https://blog.blogspot.com/feeds/posts/default?alt=atom&redirect=false"),
        (BLOGGER, "https://blog.blogspot.com/feeds/posts/full?orderby=updated&max-results=100"),
        (BLOGGER, "https://blog.blogspot.com/feeds/posts/summary"),
        (BLOGGER, "http://blog.blogspot.com/atom.xml"),
        (BLOGGER, "http://www.blog.blogspot.com/rss.xml"),
        ("https://paper.example/feeds/posts/default", "http://www.paper.example/feeds/posts/default?alt=rss"),
    ],
)
def test_variants_of_a_feed_of_feedburner_or_blogger_have_one_key(paper: str, variant: str) -> None:
    assert paper_variants_key(variant) == paper_variants_key(paper)


@pytest.mark.parametrize(
    ("paper", "other"),
    [
        (FEEDBURNER, f"{FEEDBURNER}/mp3"),
        (FEEDBURNER, "https://feeds.feedburner.com/~r/TheNerdpocalypse/~3/abc"),
        (FEEDBURNER, "https://paper.example/TheNerdpocalypse"),
        (BLOGGER, f"{BLOGGER}/-/খবর"),
        (BLOGGER, f"{BLOGGER}?q=label:news"),
        (BLOGGER, "https://blog.blogspot.com/feeds/comments/default"),
        (BLOGGER, "https://other.blogspot.com/atom.xml"),
        ("https://paper.example/atom.xml", "https://paper.example/rss.xml"),
        ("https://paper.example/feed?format=xml", "https://paper.example/feed?format=json"),
    ],
)
def test_another_feed_of_the_same_service_has_another_key(paper: str, other: str) -> None:
    assert paper_variants_key(other) != paper_variants_key(paper)


@pytest.mark.parametrize("feed", ["", "feed", "?feed=atom", "rss", "rdf", "atom", "wp-rss2.php"])
def test_keys_of_a_paper_include_every_address_of_its_feed(feed: str) -> None:
    assert paper_variants_key(f"https://paper.example/{feed}") in paper_keys("https://paper.example", KINDS.values())
