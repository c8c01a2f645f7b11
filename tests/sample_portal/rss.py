"""The sample portal's RSS 2.0, in WordPress's shape."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from bpost_tui.config import SAMPLE_NAME
from bpost_tui.demo.sample_edition import SamplePost
from tests.sample_portal.wordpress import opening

SITE_NAME = SAMPLE_NAME
SITE_LINE = "bpost-এর সঙ্গে আসা নমুনা লেখা; খবর নয়"
_GUID = "http://sample.invalid/?p={}"  # fixed, so that a story keeps its guid whatever port it is served from
_NAMESPACES = (
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("wfw", "http://wellformedweb.org/CommentAPI/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("atom", "http://www.w3.org/2005/Atom"),
    ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
    ("slash", "http://purl.org/rss/1.0/modules/slash/"),
)
EXCERPT_WORDS = 55


def guid(post: SamplePost) -> str:
    """Return a story's identity, the same from every sample portal."""
    return _GUID.format(post.id)


def rss(posts: Iterable[SamplePost], *, home: str, address: str, title: str, modified: datetime, summary: bool) -> str:
    """Return a feed of these stories as XML.

    Args:
        posts: Newest first; none makes an empty channel.
        home: The portal's address, without a slash at its end.
        address: The feed's own address.
        title: The channel's name.
        modified: Time of the site's last modification.
        summary: Leave out `content:encoded`, as WordPress does if feeds are set to summaries.
    """
    spaces = "".join(f'\n\txmlns:{name}="{address}"' for name, address in _NAMESPACES)
    items = "".join(_item(post, home, summary) for post in posts)
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"{spaces}
\t>

<channel>
\t<title>{escape(title)}</title>
\t<atom:link href="{escape(address, {'"': "&quot;"})}" rel="self" type="application/rss+xml" />
\t<link>{escape(home)}</link>
\t<description>{escape(SITE_LINE)}</description>
\t<lastBuildDate>{format_datetime(modified)}</lastBuildDate>
\t<language>bn</language>
\t<sy:updatePeriod>
\thourly\t</sy:updatePeriod>
\t<sy:updateFrequency>
\t1\t</sy:updateFrequency>
\t<generator>https://wordpress.org/?v=6.8</generator>{items}
</channel>
</rss>
"""


def _item(post: SamplePost, home: str, summary: bool) -> str:
    link = escape(home + post.path)
    terms = (*(category.name for category in post.categories), *post.tags)
    categories = "".join(f"\n\t\t<category>{_cdata(term)}</category>" for term in terms)
    excerpt = escape(opening(post, EXCERPT_WORDS, "")) + " [&#8230;]"
    content = "" if summary else f"\n\t\t<content:encoded>{_cdata(post.content(home))}</content:encoded>"
    return f"""
\t<item>
\t\t<title>{escape(post.title)}</title>
\t\t<link>{link}</link>
\t\t<comments>{link}#respond</comments>
\t\t<dc:creator>{_cdata(post.author)}</dc:creator>
\t\t<pubDate>{format_datetime(post.published)}</pubDate>{categories}
\t\t<guid isPermaLink="false">{escape(guid(post))}</guid>
\t\t<description>{_cdata(excerpt)}</description>{content}
\t\t<wfw:commentRss>{link}/feed</wfw:commentRss>
\t\t<slash:comments>0</slash:comments>
\t</item>"""


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]&gt;')}]]>"
