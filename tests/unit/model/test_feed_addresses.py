"""Announcements of moves in feeds: other places than the requested address, and links that were always so."""

from __future__ import annotations

import pytest

from bpost_tui.model.feed_addresses import FeedAddresses

HERE = "https://paper.example/feed"


@pytest.mark.parametrize(
    "address",
    [
        *(HERE, "http://paper.example/feed", "https://www.paper.example/feed/", "https://PAPER.example:443/Feed"),
        *("https://paper.example/feed?utm_source=rss", "https://paper.example/feed?t=1790000000", f"{HERE}#top"),
        *("http://localhost/feed", "http://127.0.0.1:8080/feed", "http://192.168.1.4/feed", "http://web1.internal/feed"),
        *(
            "http://feeds.feedburner.com/paper",
            "https://feedproxy.google.com/paper",
            "https://x.feedpress.me/paper",
        ),
    ],
)
def test_same_place_proxies_and_the_writers_own_machine_are_no_other_place(address: str) -> None:
    assert FeedAddresses(address, address).elsewhere([HERE]) == FeedAddresses()


@pytest.mark.parametrize("address", ["https://new.example/feed", "https://paper.example/rss", "https://notfeedburner.com/feed"])
def test_another_site_or_path_is_another_place(address: str) -> None:
    assert FeedAddresses(address, address).elsewhere([HERE]) == FeedAddresses(address, address)
    assert FeedAddresses(address).elsewhere([HERE, address]) == FeedAddresses()  # after a redirect


def test_feed_of_a_local_network_can_move_within_it() -> None:
    assert FeedAddresses("http://192.168.1.4/feed").elsewhere(["http://192.168.1.3/feed"]).own


def test_link_of_a_feed_to_itself_counts_only_if_it_has_changed() -> None:
    feed = FeedAddresses("https://new.example/feed")
    assert feed.announced("") == feed.announced(HERE) == feed.own
    assert feed.announced("http://new.example/feed/") == ""  # as it was from the beginning
    assert FeedAddresses().announced(HERE) == ""
    assert FeedAddresses("", "https://new.example/feed").announced("") == "https://new.example/feed"
