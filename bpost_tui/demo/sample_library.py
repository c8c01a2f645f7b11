"""Library of the sample edition: its stories and pictures are sanitized and saved, as a portal's stories are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bpost_tui.config import SAMPLE_NAMES
from bpost_tui.demo.sample_edition import PICTURE_SIZE_PX, SampleCategory, SamplePost, load_edition, picture
from bpost_tui.model.paper import Paper
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_fields import clean_category, clean_story
from bpost_tui.picture_store import PictureStore
from bpost_tui.portal.derived_fields import first_words, lead_image
from bpost_tui.portal.html.block_parser import parse_blocks
from bpost_tui.store.library import Library

HOME, GAZETTE_HOME = "https://sample.invalid", "https://gazette.invalid"
"""Addresses of the two papers' portals: names that never exist on the internet (RFC 6761 §6.4)."""


def save_sample_library(folder: Path, papers: Sequence[Paper], now: datetime, *, picture_bytes: int) -> None:
    """Save the stories and pictures of the sample edition into the library in `folder`.

    Args:
        folder: Folder of the library; private.
        papers: First and second paper of the edition.
        now: Current time with its time zone; the stories' ages are subtracted from it to get their dates.
        picture_bytes: Maximum size of all pictures together in bytes.

    Raises:
        StoreError: The library can't be written.
    """
    edition = load_edition(now)
    portals = zip(papers, SAMPLE_NAMES, (edition.stories, edition.gazette), (HOME, GAZETTE_HOME), strict=True)
    with Library(folder) as library:
        library.set_subscriptions(papers)
        library.set_tracking(False)  # the dates in the stories move with `now`, which is no change to report
        for paper, name, posts, home in portals:
            used = {category for post in posts for category in post.categories}
            saved = library.for_paper(paper)
            saved.save_categories([_category(each) for each in edition.categories if each in used], complete=True)
            saved.save([clean_story(_story(post, home)) for post in posts], now=now)
            saved.fetch_log.set_feed_title(name)
            saved.fetch_log.record_refresh(now)
    pictures = PictureStore(folder, max_bytes=picture_bytes)
    for post in edition.stories:
        if post.picture and (data := picture(post.picture)) and (image := clean_story(_story(post, HOME)).image):
            pictures.save(image, StoredPicture(*PICTURE_SIZE_PX, data, len(data)))


def _story(post: SamplePost, home: str) -> Story:
    text = parse_blocks(post.content(home), home)
    return Story(
        guid=f"{home}/?p={post.id}",
        title=post.title,
        link=home + post.path,
        author=post.author,
        published=post.published,
        modified=post.modified,
        categories=tuple(_category(each) for each in post.categories),
        tags=post.tags,
        excerpt=first_words(text),
        blocks=text,
        image=lead_image(text),
        full=True,
    )


def _category(category: SampleCategory) -> Category:
    return clean_category(Category(category.slug, category.name))
