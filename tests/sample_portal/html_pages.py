"""The sample portal's web pages, in the order of the real portal's theme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from bpost_tui.demo.sample_edition import SampleEdition, SamplePost
from tests.sample_portal.rss import SITE_LINE, SITE_NAME
from tests.sample_portal.wordpress import category_path, opening

_RECENT = 6
_RECENT_WORDS = 20
_UNITS = (("week", timedelta(weeks=1)), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)))


def article(post: SamplePost, edition: SampleEdition, home: str, now: datetime) -> str:
    """Return a story's page: category, headline, text, advertisement line, author, recent posts."""
    category = post.categories[0]
    day = f"{post.published:%B} {post.published.day}, {post.published.year}"
    others = tuple(other for other in edition.stories if other is not post)[:_RECENT]
    return _page(
        post.title,
        home,
        f"""<article id="post-{post.id}" class="post type-post status-publish format-standard hentry">
<header class="entry-header">
<div class="entry-category"><a href="{escape(home + category_path(category))}" rel="category tag">{escape(category.name)}</a></div>
<h1 class="entry-title">{escape(post.title)}</h1>
<time class="entry-date published" datetime="{post.published.isoformat()}">{day}</time>
</header>
<div class="entry-content">
{post.content(home)}
<p>Advertisement:</p>
</div>
<footer class="entry-footer">
<div class="author vcard"><span class="fn author-name">{escape(post.author)}</span></div>
</footer>
</article>
{_listing("Recent Posts", others, home, now)}""",
    )


def front(posts: Iterable[SamplePost], title: str, home: str, now: datetime) -> str:
    """Return a page that lists stories: the home page, or a category's."""
    return _page(title, home, _listing(title, posts, home, now))


def not_found(home: str) -> str:
    """Return the page for an address that leads nowhere."""
    text = f'<p>Nothing was found at this address. <a href="{escape(home)}">{escape(SITE_NAME)}</a></p>'
    return _page("Page not found", home, f"<h1>Page not found</h1>\n{text}")


def ago(age: timedelta) -> str:
    """Return an age in WordPress's words: "4 days ago"."""
    unit, length = next(((unit, length) for unit, length in _UNITS if age >= length), ("min", timedelta(minutes=1)))
    count = max(1, age // length)
    return f"{count} {unit}{'s' if count > 1 else ''} ago"


def _listing(heading: str, posts: Iterable[SamplePost], home: str, now: datetime) -> str:
    items = "\n".join(
        f"""<li>
<h3><a href="{escape(home + post.path)}">{escape(post.title)}</a></h3>
<p class="excerpt">{escape(opening(post, _RECENT_WORDS, "…"))}</p>
<span class="post-date">{ago(now - post.published)}</span>
</li>"""
        for post in posts
    )
    return f'<section class="recent-posts">\n<h2>{escape(heading)}</h2>\n<ul>\n{items}\n</ul>\n</section>'


def _page(title: str, home: str, main: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="bn">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} &#8211; {escape(SITE_NAME)}</title>
<link rel="alternate" type="application/rss+xml" title="{escape(SITE_NAME)} &raquo; Feed" href="{escape(home)}/feed">
<link rel="https://api.w.org/" href="{escape(home)}/wp-json/">
</head>
<body>
<header class="site-header">
<p class="site-title"><a href="{escape(home)}" rel="home">{escape(SITE_NAME)}</a></p>
<p class="site-description">{escape(SITE_LINE)}</p>
</header>
<main>
{main}
</main>
<footer class="site-footer"><p>{escape(SITE_LINE)}</p></footer>
</body>
</html>
"""
