"""Library of the sample edition: its stories and pictures are sanitized and saved, as a portal's stories are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bpost_tui.config import SAMPLE_NAME
from bpost_tui.demo.sample_edition import PICTURE_SIZE_PX, SampleCategory, SamplePost, load_edition, picture
from bpost_tui.model.paper import Paper
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_fields import clean_category, clean_story
from bpost_tui.picture_store import PictureStore
from bpost_tui.portal.derived_fields import first_words, lead_image
from bpost_tui.portal.html.block_parser import parse_blocks
from bpost_tui.store.library import Library

HOME = "https://sample.invalid"
"""Address of the edition's portal: a name that never exists on the internet (RFC 6761 §6.4)."""


def save_sample_library(folder: Path, paper: Paper, now: datetime, *, picture_bytes: int) -> None:
    """Save the edition into the library in `folder`, as stories of `paper`.

    Args:
        folder: Folder of the library; private.
        paper: Paper of the stories.
        now: Current time (aware); the stories' ages are subtracted from it to get their dates.
        picture_bytes: Maximum size of all pictures together in bytes.

    Raises:
        StoreError: The library can't be written.
    """
    edition = load_edition(now)
    stories = [clean_story(_story(post)) for post in edition.stories]
    with Library(folder, alone=paper) as library:
        library.set_subscriptions((paper,))
        library.first_paper.save_categories([_category(each) for each in edition.categories], complete=True)
        library.first_paper.save(stories, now=now)
        library.fetch_log.set_feed_title(SAMPLE_NAME)
        library.fetch_log.record_refresh(now)
    pictures = PictureStore(folder, max_bytes=picture_bytes)
    for post, story in zip(edition.stories, stories, strict=True):
        if post.picture and story.image and (data := picture(post.picture)):
            pictures.save(story.image, StoredPicture(*PICTURE_SIZE_PX, data, len(data)))


def _story(post: SamplePost) -> Story:
    text = parse_blocks(post.content(HOME), HOME)
    return Story(
        guid=f"{HOME}/?p={post.id}",
        title=post.title,
        link=HOME + post.path,
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
