"""Tests of the papers that `portals add` knows by another form of their address, without a request."""

from __future__ import annotations

import pytest

from bpost_tui.cli.portals import known_paper
from bpost_tui.config import PortalSetting
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.paper_addresses import pasted_address

PORTAL = "https://paper.example"
FEED = "https://paper.example/news/rss.xml"
QUERY = "https://paper.example/rss.php?id=5&lang=bn"
JOOMLA = "https://paper.example/khobor?format=feed&type=rss"
DRUPAL = "https://paper.example/taxonomy/term/5/feed"
BLOGGER = "https://khobor.blogspot.com/feeds/posts/default"
FEEDBURNER = "https://feeds.feedburner.com/Khobor"
MEDIUM = "https://medium.com/feed/@khobor"
SUBSTACK = "https://khobor.substack.com/feed"
TUMBLR = "https://khobor.tumblr.com/rss"
REDDIT = "https://www.reddit.com/r/kolkata/.rss"
CHANNEL = "https://www.youtube.com/feeds/videos.xml?channel_id=UC6nSFpj9HTCZ5t-N3Rm3-HA"
PLAYLIST = "https://www.youtube.com/feeds/videos.xml?playlist_id=PLLtCTZHiue85Cg2CtdZDSg"
RELEASES = "https://github.com/Khobor/bpost/releases.atom"
PODCAST = "https://paper.example/podcast/feed.xml"
BENGALI_PORTAL = "https://খবর.example"
BENGALI = f"{BENGALI_PORTAL}/category/প\u09a1\u09bcা/feed"

SAME = [
    # typing, mails, browsers and chats
    (FEED, "paper.example/news/rss.xml"),
    (FEED, "http://paper.example/news/rss.xml"),
    (FEED, "https://www.paper.example/news/rss.xml"),
    (FEED, "https://paper.example/news/rss.xml/"),
    (FEED, "HTTPS://Paper.Example/news/rss.xml"),
    (FEED, "https://paper.example:443/news/rss.xml"),
    (FEED, "http://paper.example:80/news/rss.xml"),
    (FEED, "https://paper.example./news/rss.xml"),
    (FEED, "https://paper.example//news//rss.xml"),
    (FEED, "https://paper.example/news/rss.xml#latest"),
    (FEED, "https://paper.example/news/rss.xml?"),
    (FEED, "https://paper.example/%6Eews/rss%2Exml"),
    (FEED, " https://paper.example/news/rss.xml\n"),
    (FEED, "\ufeffhttps://paper.example/news/rss.xml\u200b"),
    (FEED, "<https://paper.example/news/rss.xml>"),
    (FEED, "(https://paper.example/news/rss.xml)."),
    (f"{PORTAL}/feed_(bn)", "https://paper.example/feed_(bn)."),
    (FEED, "“https://paper.example/news/rss.xml”।"),
    (FEED, "view-source:https://paper.example/news/rss.xml"),
    (FEED, "https://m.paper.example/news/rss.xml"),
    (FEED, "https://amp.paper.example/news/rss.xml"),
    (FEED, "https://paper.example/news/rss.xml;jsessionid=1A530637289A03B07199A44E8D531427"),
    (BENGALI, "https://xn--q5b8bm.example/category/%E0%A6%AA%E0%A7%9C%E0%A6%BE/feed/"),
    (BENGALI, "খবর.example/category/প\u09dcা/feed"),
    (BENGALI_PORTAL, "https://xn--q5b8bm.example/feed"),
    # schemes of feed readers
    (FEED, "feed://paper.example/news/rss.xml"),
    (FEED, "feed:https://paper.example/news/rss.xml"),
    (FEED, "feeds://paper.example/news/rss.xml"),
    (FEED, "rss://paper.example/news/rss.xml"),
    (PODCAST, "itpc://paper.example/podcast/feed.xml"),
    (PODCAST, "pcast://paper.example/podcast/feed.xml"),
    (PODCAST, "podcast://www.paper.example/podcast/feed.xml"),
    # trackers
    (QUERY, "https://paper.example/rss.php?lang=bn&id=5"),
    (QUERY, "https://paper.example/rss.php?id=5&amp;lang=bn&amp;utm_source=feedly"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&fbclid=IwAR0"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&gclid=Cj0"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&mtm_campaign=a&pk_kwd=b"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&hsa_acc=1&_hsenc=p2"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&at_medium=RSS&at_format=link"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&PHPSESSID=0123456789abcdef"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&srsltid=AfmBOo&ysclid=lx"),
    # WordPress
    (PORTAL, "https://paper.example/feed/"),
    (PORTAL, "https://paper.example/feed/atom/"),
    (PORTAL, "https://paper.example/feed/rss2"),
    (PORTAL, "https://paper.example/?feed=rss2"),
    (PORTAL, "https://paper.example/index.php?feed=atom&utm_medium=rss"),
    (PORTAL, "https://paper.example/index.php/feed"),
    (PORTAL, "https://paper.example/rss"),
    (PORTAL, "https://paper.example/rss2/"),
    (PORTAL, "https://paper.example/atom"),
    (PORTAL, "https://paper.example/rdf/"),
    (PORTAL, "https://paper.example/wp-rss2.php"),
    (PORTAL, "https://paper.example/wp-atom.php"),
    (PORTAL, "https://paper.example/wp-feed.php"),
    (PORTAL, "https://paper.example/?amp=1"),
    (PORTAL, "https://paper.example/amp/"),
    (PORTAL, "https://paper.example/index.php"),
    (PORTAL, "https://paper.example/index.html"),
    (f"{PORTAL}/feed", "https://paper.example/wp-rss2.php"),
    # Joomla and Drupal
    (JOOMLA, "https://paper.example/khobor?format=feed&type=atom"),
    (JOOMLA, "https://paper.example/khobor?type=rss&format=feed"),
    (JOOMLA, "https://paper.example/khobor?format=feed"),
    (JOOMLA, "https://paper.example/khobor.feed?type=rss"),
    (f"{PORTAL}/?format=feed&type=rss", "https://paper.example/index.php?format=feed&type=atom"),
    (DRUPAL, "https://paper.example/?q=taxonomy/term/5/feed"),
    (DRUPAL, "https://paper.example/index.php?q=taxonomy%2Fterm%2F5%2Ffeed"),
    (f"{PORTAL}/rss.xml", "https://paper.example/?q=rss.xml"),
    # Blogger and FeedBurner
    (BLOGGER, "https://khobor.blogspot.com/feeds/posts/default?alt=rss"),
    (BLOGGER, "https://khobor.blogspot.com/rss.xml"),
    (BLOGGER, "https://khobor.blogspot.com/atom.xml"),
    (BLOGGER, "https://khobor.blogspot.com/feeds/posts/summary?max-results=10"),
    (BLOGGER, "https://khobor.blogspot.in/feeds/posts/default"),
    (BLOGGER, "https://khobor.blogspot.co.uk/feeds/posts/default?start-index=1&v=2"),
    (BLOGGER, "https://khobor.blogspot.com/"),
    (BLOGGER, "https://khobor.blogspot.com/?m=1"),
    (FEEDBURNER, "http://feeds.feedburner.com/khobor?format=xml"),
    (FEEDBURNER, "http://feeds2.feedburner.com/Khobor"),
    (FEEDBURNER, "https://feedproxy.google.com/Khobor"),
    # other services
    (MEDIUM, "https://medium.com/@khobor"),
    (MEDIUM, "https://medium.com/@khobor?source=user_profile"),
    (MEDIUM, "https://khobor.medium.com/feed"),
    (MEDIUM, "https://khobor.medium.com/"),
    (SUBSTACK, "https://khobor.substack.com"),
    (SUBSTACK, "https://khobor.substack.com/archive?sort=new"),
    (SUBSTACK, "https://open.substack.com/pub/khobor"),
    (TUMBLR, "https://khobor.tumblr.com/"),
    (TUMBLR, "https://www.tumblr.com/khobor"),
    (REDDIT, "https://reddit.com/r/kolkata.rss"),
    (REDDIT, "https://old.reddit.com/r/Kolkata/.rss"),
    (REDDIT, "https://www.reddit.com/r/kolkata/"),
    (REDDIT, "https://www.reddit.com/r/kolkata/.rss?limit=100"),
    ("https://www.reddit.com/user/khobor/.rss", "https://www.reddit.com/u/khobor"),
    (CHANNEL, "https://www.youtube.com/channel/UC6nSFpj9HTCZ5t-N3Rm3-HA"),
    (CHANNEL, "https://m.youtube.com/channel/UC6nSFpj9HTCZ5t-N3Rm3-HA/videos?si=abc"),
    (CHANNEL, "https://www.youtube.com/feeds/videos.xml?playlist_id=UU6nSFpj9HTCZ5t-N3Rm3-HA"),
    (PLAYLIST, "https://www.youtube.com/playlist?list=PLLtCTZHiue85Cg2CtdZDSg&si=abc"),
    (RELEASES, "https://github.com/khobor/bpost/releases"),
    (RELEASES, "https://github.com/Khobor/bpost/releases.atom?utm_source=x"),
]
"""Pairs of a paper's address and another form of it that readers paste.

Sources: documentation of the services, and feeds in public repositories.
"""

DIFFERENT = [
    # another host, path, case or format
    (FEED, "https://paper.example/news/atom.xml"),
    (FEED, "https://paper.example/News/rss.xml"),
    (FEED, "https://paper.example/rss.xml"),
    (FEED, "https://paper.example/news/"),
    (FEED, "https://news.paper.example/news/rss.xml"),
    (FEED, "https://mobile.paper.example/news/rss.xml"),
    (FEED, "https://paper.example:8443/news/rss.xml"),
    (FEED, "https://paper.example/news/rss.xml?category=5"),
    (FEED, "https://paper.example/news/rss.xml?lang=bn"),
    (f"{PORTAL}/feed", "https://paper.example/rss"),
    (f"{PORTAL}/feed?format=xml", "https://paper.example/feed?format=json"),
    ("https://dev/feed", "https://amp.dev/feed"),
    (QUERY, "https://paper.example/rss.php?id=6&lang=bn"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=en"),
    (QUERY, "https://paper.example/rss.php?id=5"),
    (QUERY, "https://paper.example/rss.php?id=5&lang=bn&pk_id=7"),
    (FEED, "https://paper.example/news/rss.xml?amplitude=1"),
    (BENGALI, "https://খবর.example/category/লেখা/feed"),
    # categories, tags, authors and comments of WordPress
    (PORTAL, "https://paper.example/comments/feed"),
    (PORTAL, "https://paper.example/?feed=comments-rss2"),
    (PORTAL, "https://paper.example/wp-commentsrss2.php"),
    (PORTAL, "https://paper.example/category/sports/feed"),
    (PORTAL, "https://paper.example/?cat=5&feed=rss2"),
    (PORTAL, "https://paper.example/tag/durga-puja/feed"),
    (PORTAL, "https://paper.example/author/news-desk/feed"),
    (PORTAL, "https://paper.example/blog/feed"),
    (PORTAL, "https://paper.example/2026/12/khobor/feed"),
    (PORTAL, "https://paper.example/?s=flood&feed=rss2"),
    (f"{PORTAL}/category/sports/feed", "https://paper.example/category/health/feed"),
    (f"{PORTAL}/en/feed", "https://paper.example/bn/feed"),
    # Joomla and Drupal
    (JOOMLA, "https://paper.example/khela?format=feed&type=rss"),
    (JOOMLA, "https://paper.example/khobor?format=html"),
    (
        f"{PORTAL}/index.php?option=com_content&id=5&format=feed",
        "https://paper.example/index.php?option=com_content&id=6&format=feed",
    ),
    (f"{PORTAL}/list?type=rss", "https://paper.example/list?type=atom"),
    (DRUPAL, "https://paper.example/?q=taxonomy/term/6/feed"),
    (f"{PORTAL}/search/feed?q=flood", "https://paper.example/search/feed?q=fire"),
    (f"{PORTAL}/rss?q=flood", "https://paper.example/rss?q=rss"),
    # services
    (BLOGGER, "https://khobor.blogspot.com/feeds/comments/default"),
    (BLOGGER, "https://khobor.blogspot.com/feeds/posts/default/-/খেলা"),
    (BLOGGER, "https://khela.blogspot.com/feeds/posts/default"),
    (FEEDBURNER, "https://feeds.feedburner.com/Khobor/mp3"),
    (MEDIUM, "https://medium.com/feed/khobor"),
    (MEDIUM, "https://medium.com/feed/@khela"),
    ("https://medium.com/feed/khobor", "https://medium.com/feed/khobor/tagged/khela"),
    (SUBSTACK, "https://khela.substack.com/feed"),
    (SUBSTACK, "https://khobor.substack.com/s/khela"),
    (TUMBLR, "https://khobor.tumblr.com/tagged/khela/rss"),
    (REDDIT, "https://www.reddit.com/r/kolkata/new/.rss"),
    (REDDIT, "https://www.reddit.com/r/kolkata/.rss?sort=new"),
    (REDDIT, "https://www.reddit.com/r/kolkata/comments/1abc/khobor/.rss"),
    (REDDIT, "https://www.reddit.com/user/kolkata/.rss"),
    (CHANNEL, "https://www.youtube.com/feeds/videos.xml?channel_id=UC6nSFpj9HTCZ5t-N3Rm3-hA"),
    (CHANNEL, "https://www.youtube.com/feeds/videos.xml?playlist_id=UULF6nSFpj9HTCZ5t-N3Rm3-HA"),
    (CHANNEL, PLAYLIST),
    (RELEASES, "https://github.com/Khobor/bpost/tags.atom"),
    (RELEASES, "https://github.com/Khobor/bpost/commits/main.atom"),
    (f"{PORTAL}/podcast/a.xml", "https://paper.example/podcast/b.xml"),
]
"""Pairs of different papers' addresses."""


def papers(address: str) -> list[PortalSetting]:
    kind = "wordpress" if address in (PORTAL, BENGALI_PORTAL) else "feed"
    return [PortalSetting(KINDS[kind].address(address), kind=kind)]


@pytest.mark.parametrize(("address", "pasted"), SAME)
def test_paper_is_known_by_another_form_of_its_address(address: str, pasted: str) -> None:
    assert known_paper(papers(address), pasted_address(pasted)) == papers(address)[0]


@pytest.mark.parametrize(("address", "pasted"), DIFFERENT)
def test_another_paper_is_not_known(address: str, pasted: str) -> None:
    assert known_paper(papers(address), pasted_address(pasted)) is None
    assert known_paper(papers(pasted), pasted_address(address)) is None
