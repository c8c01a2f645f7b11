"""List of a story's links and topics. A link is shown like a footnote: number, linked words, and address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bpost_tui.core import templates
from bpost_tui.core.keys.actions import Keys
from bpost_tui.core.lists.topics import Topic
from bpost_tui.i18n import Language
from bpost_tui.model.story_links import StoryLink
from bpost_tui.tui.dialogs.choice_list import ChoiceList, bindings
from bpost_tui.tui.dialogs.dialog_box import box_width
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item

_BOX_EM = 38
"""Maximum width of the dialog's box, in em (the font size of body type)."""
_MOST_ROWS = 8


class LinkChoice(NamedTuple):
    """Link or topic (tag, author or place of the story) that the reader has chosen, and what to do with it, such as opening it."""

    link: StoryLink | Topic
    action: Literal["open", "browse", "keep", "mute"]


class LinksScreen(ModalScreen[LinkChoice | None]):
    """Asks the reader to choose a link or a topic (tag, author, place) of the story. The result is None if the reader leaves.

    The function `copy` is called with a link's address if the reader copies the link; the list stays open.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        *bindings(leave="dismiss", quit="app.quit", links="dismiss"),
        *bindings(open="choose('open')", browser="choose('browse')", copy_link="copy"),
        *bindings(keep_search="choose_topic('keep')", muted="choose_topic('mute')"),
    ]

    def __init__(
        self,
        renderer: Renderer,
        language: Language,
        keys: Keys,
        links: Sequence[StoryLink | Topic],
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        self._links = tuple(links)
        self._copy = copy
        keep, mute = map(keys.key_label, ("keep_search", "muted"))
        self._topic_keys = " · ".join(
            (language.text("{key}: save the search", key=keep), language.text("{key}: mute or unmute", key=mute))
        )
        tallest = templates.link_row(1, StoryLink("ক", "https://example.org/"), language)
        self._list = ChoiceList(renderer, links, self._row, id="links", tallest=tallest, ruled=True)

    def _row(self, at: int, link: StoryLink | Topic, is_current: bool) -> tuple[Item, ...]:
        if isinstance(link, Topic):
            return templates.topic_row(at + 1, link, self._language, self._topic_keys if is_current else "")
        return templates.link_row(at + 1, link, self._language)

    def compose(self) -> ComposeResult:
        """Lay out the list in its box."""
        with Vertical(id="link_box"):
            yield self._list

    def on_mount(self) -> None:
        """Focus the list."""
        self.on_resize()
        self._list.focus()

    def on_resize(self) -> None:
        """Adapt the size of the box to the window."""
        typesetter, styles = self._renderer.typesetter, self.query_one(Vertical).styles
        row = typesetter.rows(self._list.tallest_items()) + 1
        styles.width = box_width(round(_BOX_EM * typesetter.em_cells), self.app.size.width, typesetter.em_cells)
        styles.height = row * min(len(self._links), _MOST_ROWS) + 1

    def reset_type(self) -> None:
        """Typeset the list again, because the theme, the size of letters or the way of drawing them has changed."""
        self.on_resize()
        self._list.reset()

    def action_choose(self, use: Literal["open", "browse"]) -> None:
        """Choose the link or topic under the cursor. `use` is "open" to open it in bpost, or "browse" to open it in the browser."""
        self.dismiss(LinkChoice(self._links[self._list.cursor], use))

    def action_choose_topic(self, use: Literal["keep", "mute"]) -> None:
        """Choose the topic under the cursor; do nothing if the cursor is on a link.

        `use` is "keep" to save a search for the topic (or delete the saved search), or "mute" to mute or unmute the topic.
        """
        if isinstance(link := self._links[self._list.cursor], Topic):
            self.dismiss(LinkChoice(link, use))

    def action_copy(self) -> None:
        """Copy the address of the link under the cursor; do nothing if the cursor is on a topic. The list stays open."""
        if isinstance(link := self._links[self._list.cursor], StoryLink):
            self._copy(link.address)

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_choose("open")
