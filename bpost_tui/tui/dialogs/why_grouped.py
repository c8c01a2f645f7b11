"""Dialog that shows why stories of several papers were grouped as the same news.

For each story, it lists the words that the story shares with the group's main story.

The reader can open a story, or remove it from the group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bpost_tui.core.keys.actions import Keys
from bpost_tui.core.lists.same_news_accounts import NewsAccount, NewsGroup
from bpost_tui.core.templates import grouping_reasons
from bpost_tui.i18n import Language
from bpost_tui.tui.dialogs.choice_list import ONE_LINE, ChoiceList, bindings
from bpost_tui.tui.dialogs.dialog_box import box_height, box_width
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.tui.widgets.type_line import TypeLine
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Size

_BOX_EM = 40
"""Maximum width of the dialog's box, in em (the font size of body type)."""
_FRAME_CELLS, _FRAME_ROWS = 6, 2


class AccountChoice(NamedTuple):
    """Story that the reader has chosen in the dialog (one paper's account of the news), and whether to open it or to ungroup it."""

    story: int
    """Id of the chosen story."""
    ungroup: bool
    """Whether to remove the story from the group of the same news. Otherwise it is opened."""


class WhyGroupedScreen(ModalScreen[AccountChoice | None]):
    """Shows the stories that several papers published about the same news, with the reasons for grouping them.

    Args:
        news: Stories about the news, and the figures that differ between them, such as a number of deaths.
        papers: Maps the keys of papers to their names.
        now: Time for calculating the ages of the stories.
        at: Index of the story under the cursor at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        *bindings(leave="dismiss", why_together="dismiss", quit="app.quit", open="choose(False)", apart="choose(True)"),
    ]

    def __init__(
        self,
        renderer: Renderer,
        keys: Keys,
        language: Language,
        news: NewsGroup,
        papers: Mapping[str, str],
        *,
        now: datetime,
        at: int,
    ) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        self._news = news
        self._papers = papers
        self._now = now
        text = language.text
        self._question = (Run(text("Why grouped?"), bold=True),)
        self._hints = text("{key}: read", key=keys.key_label("open")), text("{key}: ungroup", key=keys.key_label("apart"))
        self._title = TypeLine(renderer, id="title")
        tallest = (*ONE_LINE, Para((Run("ক\nক"),), Size.LIST), Para((Run("ক\nক\nক\nক"),), Size.SMALL))
        self._list: ChoiceList[NewsAccount] = ChoiceList(renderer, news.accounts, self._row, id="accounts", tallest=tallest)
        self._list.set_reactive(RowList.cursor, at)

    def _row(self, at: int, account: NewsAccount, is_current: bool) -> tuple[Item, ...]:
        return grouping_reasons.account_row(account, self._news, self._language, self._now, self._papers, is_current=is_current)

    def compose(self) -> ComposeResult:
        """Lay out the stories below the question."""
        with Vertical(id="why_box"):
            yield self._title
            yield self._list

    def on_mount(self) -> None:
        """Focus the list."""
        self.on_resize()
        self._list.focus()

    def on_resize(self) -> None:
        """Adapt the size of the box to the window."""
        typesetter, styles = self._renderer.typesetter, self.query_one(Vertical).styles
        width = box_width(round(_BOX_EM * typesetter.em_cells), self.app.size.width, typesetter.em_cells)
        inside = max(1, width - _FRAME_CELLS)
        head = next(
            (head for head in self._headings() if typesetter.width((*head.left, *head.right), Size.BAR) < inside), Pair((), ())
        )
        self._title.show((head,))
        rows = sum(typesetter.rows(self._row(at, each, False), inside) for at, each in enumerate(self._list.values))
        wanted = rows + typesetter.rows((head,)) + _FRAME_ROWS
        styles.width = width
        styles.height = box_height(wanted, self.app.size.height, typesetter.rows(ONE_LINE))

    def _headings(self) -> Iterator[Pair]:
        """Yield versions of the heading, from the longest to the shortest: the question, with all, some or no hints about keys.

        The dialog shows the first version that fits.
        """
        for first in range(len(self._hints) + 1):
            yield Pair(self._question, (Run(" · ".join(self._hints[first:]), "meta"),), Size.BAR)

    def reset_type(self) -> None:
        """Typeset the dialog again, because the theme, the size of letters or the way of drawing them has changed."""
        self.on_resize()
        self._title.reset()
        self._list.reset()

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_choose(apart=False)

    def action_choose(self, apart: bool) -> None:
        """Close the dialog with the story under the cursor as its result: to be ungrouped if `apart` is True, else to be opened."""
        account = self._list.current
        self.dismiss(None if account is None else AccountChoice(account.row.id, apart))
