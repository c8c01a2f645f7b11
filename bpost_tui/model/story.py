"""Stories, categories, and other values passed from the portal to the page. Pure; all times have the time zone UTC.

The classes are named tuples, so that the app starts fast: defining one takes 0.06 ms, a frozen dataclass 0.4 ms, and importing
`dataclasses` 5 ms.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NewType

from bpost_tui.model.blocks import Blocks, Image
from bpost_tui.model.list_order import ListOrder
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.model.feed_addresses import FeedAddresses
    from bpost_tui.model.passage import Passage


class Category(NamedTuple):
    """Category of a portal, such as "sports"."""

    slug: str
    """Last part of the category's address, `/category/<slug>`, with Bengali letters in place of percent-encoding."""
    name: str
    parent: str | None = None
    """Slug of the parent category, or None if the category has no parent."""
    portal_count: int | None = None
    """Number of stories in the category by the portal's own list of categories; None if the portal doesn't state it."""


class Story(NamedTuple):
    """Story with the fields that are known so far; an empty field may be filled by a later request."""

    guid: str
    """Identifier of the story, which stays the same if the story's link or host changes."""
    title: str
    """Whole headline as the portal sent it, including a place tag such as `Midnapore:`."""
    link: str | None = None
    author: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    """Time of the last change, as the portal reports it; None if unknown, as with many feeds."""
    categories: tuple[Category, ...] = ()
    tags: tuple[str, ...] = ()
    excerpt: str = ""
    blocks: Blocks = ()
    image: str | None = None
    """Address of the lead picture; None if there is none."""
    full: bool = False
    """Whether `blocks` is the whole text, not an excerpt."""
    source: str = ""
    """Origin of `blocks`: `feed`, `page` or `wp-json` (WordPress's JSON interface); empty if it wasn't recorded."""
    text_end: str = ""
    """Reason that the portal gave for an incomplete text, such as "subscribers" (`model.text_end`); empty if it gave none."""


class ListFilter(NamedTuple):
    """Filter and sort order of a list of stories. The list has the stories that match all fields that aren't empty."""

    category: str | None = None
    """Slug of a category in the paper named by `paper`; None for all categories."""
    unread: bool = False
    starred: bool = False
    later: bool = False
    """Whether only stories marked to be read later are listed."""
    paper: str | None = None
    """Key of the only paper whose stories are listed; None for all papers."""
    groups_same_news: bool = False
    """Whether stories of several papers about the same news share one row of the list; only for a list of all papers."""
    own_list: str | None = None
    """Key of one of the reader's own lists; None for other lists."""
    papers: tuple[str, ...] = ()
    """Keys of the papers whose stories are listed together; empty for all papers."""
    changed: bool = False
    """Whether only stories that changed since the reader read them are listed."""
    order: ListOrder = ListOrder.NEWEST

    @property
    def is_own(self) -> bool:
        """Whether the reader's own actions decide which stories are on this list, such as starring a story or adding it to a list.

        Such a list shows all its stories, even if they are read or muted.
        """
        return self.starred or self.later or self.changed or self.own_list is not None


class GroupedStory(NamedTuple):
    """Story about the same news as the story that a list's row shows."""

    story: int
    """Id of the story in the library."""
    paper: str
    """Key of the paper that published the story."""
    differs: bool = False
    """Whether the story's text gives other numbers than the listed story's: 15 dead, not 12."""
    title: str = ""
    """Headline of the story."""


class ReadChange(NamedTuple):
    """Change that a paper made to a story after the reader read it, and that is worth showing, such as another figure."""

    kind: str
    """Reason why the change matters, such as "figure": a value of `edits.edit_weight.EditKind`."""
    old: str
    """Figure, name or words in the version that was read; empty if the change only adds."""
    new: str
    """Figure, name or words in the present version; empty if the change only removes."""
    unit: str = ""
    """Quantity that a figure gives, such as "dead", or the noun that the figure counts; empty if neither is known."""


class Headline(NamedTuple):
    """Saved story as a list shows it in a row: with its marks, but without its text."""

    id: int
    """Id of the story in the library, which never changes; 0 for a deleted story that still has a saved passage."""
    guid: str
    title: str
    tag: str
    """Place tag at the beginning of the title, before a colon; empty if there is none."""
    link: str | None
    author: str
    published: datetime
    """Time of publication, or the time when bpost first saw the story if the portal states none."""
    modified: datetime | None
    excerpt: str
    categories: tuple[Category, ...]
    read: bool
    starred: bool
    later: bool
    """Whether the reader marked the story to be read later."""
    full: bool
    first_seen: datetime
    """Time when the story came into the library."""
    updated: datetime | None = None
    """Time of the portal's last change to the story's words since they were saved; None if they haven't changed."""
    withdrawn: datetime | None = None
    """Time when bpost found that the portal no longer has the story; None if the portal still has it."""
    paper: str = ""
    """Key of the story's paper."""
    others: tuple[GroupedStory, ...] = ()
    """Other stories about the same news, if this row represents all of them in a list that shows the same news once."""
    changed: ReadChange | None = None
    """Change since the reader read the story; None if nothing that matters has changed, or the reader has seen it."""

    @property
    def credits(self) -> tuple[str, ...]:
        """Authors, as shown in the line under the story's headline."""
        return (self.author,)

    @property
    def key(self) -> RowKey:
        """Key of the story's row in a list."""
        return StoryKey(self.id)

    def represents(self, story: RowKey) -> bool:
        """Whether this row represents the story with the key `story`: either its own story or one of `others`."""
        return story == self.id or any(story == other.story for other in self.others)


StoryKey = NewType("StoryKey", int)
"""Key of a story's own row in a list: the story's id."""
PassageKey = NewType("PassageKey", str)
RowKey = StoryKey | PassageKey
"""Key of a row in a list: a story's id if the row shows a story, or a passage's key if the row shows a saved passage.

The types differ from int and str, so that the type checker finds a story's id that is used for a row of a passage.
"""


class PassageRow(NamedTuple):
    """Saved passage as a list shows it in a row. A story may have several passages, or may have been deleted."""

    passage: Passage
    story: Headline
    """Row of the passage's story, or the fields that were kept of a deleted story."""

    @property
    def key(self) -> RowKey:
        """Key of the passage's row in a list."""
        return PassageKey(self.passage.key)

    def represents(self, row: RowKey) -> bool:
        """Whether `row` is the key of this passage, or of the story that it belongs to."""
        return row in (self.passage.key, self.story.id)


ListRow = Headline | PassageRow


def story_of(row: ListRow) -> Headline:
    """Return the headline of the story that a row shows, or that the row's passage belongs to."""
    return row.story if isinstance(row, PassageRow) else row


class Revision(NamedTuple):
    """Earlier wording of a story, from before an edit on the portal."""

    replaced: datetime
    """Time when the next wording was saved, which replaced this one."""
    title: str
    blocks: Blocks


class SavedStory(NamedTuple):
    """Saved story with its text."""

    headline: Headline
    blocks: Blocks
    tags: tuple[str, ...] = ()
    image: str | None = None
    passages: tuple[Passage, ...] = ()
    """Passages that the reader saved from the story; the passage saved first comes first."""
    source: str = ""
    """Origin of the text: `feed`, `page` or `wp-json` (WordPress's JSON interface); empty if it wasn't recorded."""
    text_end: str = ""
    """Reason that the portal gave for an incomplete text, as in `Story`; empty if it gave none."""
    same_news: tuple[Headline, ...] = ()
    """Other stories about the same news, if they were loaded with the story; empty otherwise."""
    version_read: Revision | None = None
    """Version that the reader read, if the story has changed since in a way that matters; None otherwise, or if not loaded."""
    opened_at: str = ""
    """Key of the saved passage, if the reader opened the story from the row of this passage; empty if opened from its own row."""

    @property
    def key(self) -> RowKey:
        """Key of the row (the story's own or a passage's) that the reader opened."""
        return PassageKey(self.opened_at) if self.opened_at else self.headline.key


def to_story(saved: SavedStory) -> Story:
    """Return a saved story as a `Story`, as if a portal had sent it."""
    in_full = saved._asdict()
    return Story(**{name: in_full[name] if name in in_full else getattr(saved.headline, name) for name in Story._fields})


class CategoryCount(NamedTuple):
    """Category, with how many of its stories are saved and how many of these are unread."""

    category: Category
    total: int
    unread: int
    paper: str = ""
    """Key of the category's paper."""


class Validators(NamedTuple):
    """Validators of a response, to make the next request conditional (RFC 9110 §13): ETag without the mark `W/`, Last-Modified."""

    etag: str | None = None
    last_modified: str | None = None


class FeedPage(NamedTuple):
    """Page of a feed, or the portal's answer that the page hasn't changed or doesn't exist."""

    address: str
    stories: tuple[Story, ...] = ()
    validators: Validators | None = None
    """Validators of the response, None if it has none. They may be stored only after the page's stories: an interruption would
    otherwise lose these stories."""
    not_modified: bool = False
    end: bool = False
    """Whether the page's number is greater than the last page's. This is no error: the feed has been read to its end."""
    warnings: tuple[str, ...] = ()
    """Warnings, a line for each kind of content that couldn't be parsed."""
    digests: str = ""
    """Digests that identify the page's items when it is read again, so that unchanged items are skipped.

    They are stored with the response's HTTP validators (ETag, Last-Modified).
    """
    skipped: int = 0
    """Number of items that weren't parsed again, because they haven't changed since the last time."""
    name: str = ""
    """Title that the feed gives itself; empty if it has none."""
    moved_to: str = ""
    """New address of a paper that is a single feed, if the feed has moved permanently; empty otherwise, and for a category."""
    addresses: FeedAddresses | None = None
    """Addresses that the feed gives itself, other than the requested one; None if the feed wasn't parsed."""
    is_file: bool = False
    """Whether the page is a file that an index of sitemaps lists; its address changes from day to day."""
    ends_in_slash: bool | None = None
    """Whether the portal has started (True) or stopped (False) serving its feeds at addresses that end in a slash; None if neither.

    The next refresh uses the new form, which saves a redirect.
    """


class PostsPage(NamedTuple):
    """Page of a portal's list of posts, read from wp-json (WordPress's JSON interface)."""

    address: str
    stories: tuple[Story, ...] = ()
    numbers: tuple[int, ...] = ()
    """WordPress's number of each story on the page; 0 if WordPress gives none."""
    end: bool = False
    """Whether this is the last page of the list."""
    total: int | None = None
    """Number of stories on this page and all following pages; None if the portal doesn't state it."""
    warnings: tuple[str, ...] = ()
    """Warnings, a line for each kind of content that couldn't be parsed."""


def images(saved: SavedStory) -> tuple[Image, ...]:
    """Return the pictures in a story's text, or the lead picture if the text has none."""
    in_text = tuple(block for block in saved.blocks if isinstance(block, Image))
    return in_text or ((Image(saved.image),) if saved.image else ())
