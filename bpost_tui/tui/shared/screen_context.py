"""Screen context: everything that the features of the reader's screen share, in one named tuple.

The obvious way is to pass the library, the settings, the panes and so on one by one. That takes 12 to 20 arguments for each
feature, and a new setting changes 6 files. So each feature takes the context, plus those methods of other features that it calls.
For this, features are created in the order of their dependencies (`features`). The context contains no feature, so that features
can't reach each other through it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.screen import ModalScreen

from bpost_tui.config import Settings
from bpost_tui.core.changes.undo import PendingMarks, UndoStack
from bpost_tui.core.fetcher import Fetcher
from bpost_tui.core.keys.actions import Keys
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.session import Location, Session
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, ListRow, SavedStory, story_of
from bpost_tui.store.library import Library
from bpost_tui.tui.desktop_bridge import DesktopBridge
from bpost_tui.tui.shared.optional_features import do_nothing
from bpost_tui.tui.shared.paced_screen import PacedScreen
from bpost_tui.tui.shared.panes import Panes
from bpost_tui.tui.shared.prompt import Prompt
from bpost_tui.tui.shared.reader_services import StartOptions
from bpost_tui.tui.shared.screen_widgets import ScreenWidgets
from bpost_tui.tui.shared.status_bars import StatusBars
from bpost_tui.tui.shared.write_queue import WriteQueue
from bpost_tui.tui.theme_switcher import ThemeSwitcher
from bpost_tui.tui.widgets.category_list import CategoryList
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item

if TYPE_CHECKING:
    from bpost_tui.tui.dialogs.choice_menu import Choice
    from bpost_tui.tui.shared.app_host import AppHost, RunWorker, ShowAnswer

T = TypeVar("T")
Handler = Callable[[], object]


class ScreenContext(NamedTuple):
    """Library, settings, session and widgets of the reader's screen, shared by its features."""

    host: AppHost
    screen: PacedScreen
    settings: Settings
    start_options: StartOptions
    preferences: Preferences
    listings: Listings
    fetcher: Fetcher
    session: Session
    renderer: Renderer
    widgets: ScreenWidgets
    panes: Panes
    prompt: Prompt
    status: StatusBars
    writes: WriteQueue
    run_worker: RunWorker

    # ── shortcuts to parts ──────────────────────────────────────────────────

    @property
    def language(self) -> Language:
        """Language of the interface, with the translations of messages."""
        return self.listings.language

    @property
    def keys(self) -> Keys:
        """Keys of the actions."""
        return self.host.keys

    @property
    def library(self) -> Library:
        """Library of stories that the reader reads; its methods block on the disk."""
        return self.listings.library

    @property
    def outlook(self) -> Outlook:
        """Filters, orders and papers of this session, which apply to every list."""
        return self.session.outlook

    @property
    def undo_stack(self) -> UndoStack:
        """Changes made in this session that the reader can undo."""
        return self.session.undo

    @property
    def pending_marks(self) -> PendingMarks:
        """Marks that are shown already, but not yet saved in the library."""
        return self.session.pending

    @property
    def desktop(self) -> DesktopBridge:
        """Bridge to the window's title, notifications and the clipboard."""
        return self.host.desktop

    @property
    def theme_switcher(self) -> ThemeSwitcher:
        """Theme switcher, which knows all themes and the theme in use."""
        return self.host.theme_switcher

    @property
    def show_answer(self) -> ShowAnswer:
        """Function that shows the answer to a key in the status line."""
        return self.status.show_answer

    @property
    def categories(self) -> CategoryList:
        """Pane of categories."""
        return self.widgets.categories

    @property
    def posts(self) -> PostList:
        """Pane of stories."""
        return self.widgets.posts

    @property
    def view(self) -> StoryView:
        """Pane of the story."""
        return self.widgets.view

    def text(self, message: str, **values: object) -> str:
        """Return `message` in the language of the interface, with `values` filled in by name."""
        return self.language.text(message, **values)

    # ── derived values, and common steps ────────────────────────────────────

    @property
    def target_row(self) -> SavedStory | ListRow | None:
        """Story that a key acts on: usually the row under the cursor; None if the list is empty.

        If the story's pane is current and the list doesn't contain the open story, the key acts on the open story.
        """
        saved = self.session.story
        is_elsewhere = self.panes.current == "story" and saved is not None and self.posts.slice.index_of(saved.key) is None
        return saved if is_elsewhere else self.posts.current

    @property
    def target_story(self) -> Headline | None:
        """Story, without text, that a key acts on: usually the story under the cursor; None if the list is empty.

        If the story's pane is current and the list doesn't contain the open story, the key acts on the open story. The id is 0 if
        the library has only a passage (saved words) of the story.
        """
        row = self.target_row
        return row.headline if isinstance(row, SavedStory) else None if row is None else story_of(row)

    @property
    def flagged(self) -> tuple[Headline, ...]:
        """Stories that the reader has flagged in the list.

        Empty if the story's pane is current, because keys then act on the open story.
        """
        return () if self.panes.current == "story" else tuple(map(story_of, self.posts.flagged.values()))

    @property
    def target_stories(self) -> tuple[Headline, ...]:
        """Stories that a key changes: the flagged stories if there are any, else the open story or the story under the cursor.

        Empty if no such story is saved.
        """
        target = self.target_story
        return tuple(story for story in self.flagged or (() if target is None else (target,)) if story.id)

    def drop_flags(self) -> None:
        """Remove the flags of the list's stories, because a key has acted on these stories.

        If the key acted on the open story, the flags stay.
        """
        if self.flagged:
            self.posts.clear_flags()
            self.status.show_footer()

    def show_no_story_here(self) -> None:
        """Show the message that a key needs a story, because the reader pressed it while a category has the focus."""
        keys = {name: self.keys.key_label(name) for name in ("forward", "all_read")}
        self.show_answer(self.text("First choose a story, with {forward} · {all_read} marks the whole list read", **keys))

    def show_no_story(self) -> None:
        """Show the message that a key needs a story, because no story is shown, or only a passage (some words) of it is saved."""
        is_gone = self.target_story is not None and not self.target_story.id
        self.show_answer(self.text("This story is no longer saved") if is_gone else self.text("There is no story here"))

    @property
    def hides_read(self) -> bool:
        """Whether the shown list leaves out stories that have been read."""
        return self.session.query.unread_only

    @property
    def papers(self) -> PaperList:
        """Papers that the reader reads."""
        return self.session.outlook.papers

    def push_location(self) -> None:
        """Remember the list, story and pane on the screen, so that a key can return there after a jump.

        Do nothing if no story is open.
        """
        saved = self.session.story
        if saved is not None:
            here = Location(self.session.shown, self.posts.cursor, saved.key, self.view.position, self.panes.shown)
            self.session.back.push(here)

    def push(self, dialog: ModalScreen[T], chosen: Callable[[T | None], None] | None = None) -> None:
        """Show a dialog over the screen, and call `chosen`, unless it is None, with the dialog's result (None if cancelled)."""
        self.screen.app.push_screen(dialog, chosen)

    async def paint_list_first(self) -> None:
        """At the start, wait until the list is on the screen, so that the caller's work doesn't delay its first frame.

        Return at once if the story's pane is the current pane.
        """
        if self.panes.shown != "story":
            await self.screen.paint_list_first()

    def cancel(self, group: str) -> None:
        """Cancel the workers (background tasks) of the group named `group`."""
        self.run_worker(do_nothing, group=group, exclusive=True)

    def prompt_for(self, invitation: str, then: Callable[[str], None], value: str = "", *, kind: str = "", label: str = "") -> None:
        """Ask for one line of text, then give the focus back to the current pane.

        Args:
            invitation: Text shown while the line is empty.
            then: Function called with the line when the reader presses Enter.
            value: Text in the line at first.
            kind: Kind of question. Answers to questions of the same kind form a history; without a kind, there is no history.
            label: Label beside the text, if the text alone doesn't show the question.
        """
        pane = self.panes.current

        def answered(line: str | None) -> None:
            self.panes.go(pane)
            if line is not None:
                then(line.strip())

        self.prompt.ask(invitation, answered, value, kind=kind, label=label)

    def show_menu(self, title: str, choices: Sequence[Choice[Handler]], at_once: Mapping[str, Handler], *, at: int = 0) -> None:
        """Show a menu whose choices have functions as values, and call the function that the reader chooses.

        Args:
            title: Question above the rows.
            choices: Rows of the menu.
            at_once: Maps ids of actions to functions. The key of such an action calls the function at once, wherever the cursor is.
            at: Index of the row under the cursor at first.
        """
        from bpost_tui.tui.dialogs.choice_menu import ChoiceScreen

        def chosen(do: Handler | None) -> None:
            if do is not None:
                do()

        self.push(ChoiceScreen(self.renderer, self.keys, title, choices, at_once, at=at), chosen)

    def show_page(self, items: tuple[Item, ...], *, begin: int = 0) -> None:
        """Show a page of text over the story, starting at the item (paragraph or heading) with the index `begin`."""
        from bpost_tui.tui.dialogs.text_page import TextPageScreen

        self.push(TextPageScreen(self.renderer, items, measure=self.view.measure, begin=begin))
