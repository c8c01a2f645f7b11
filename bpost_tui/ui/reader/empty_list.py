"""What stands in an empty list: why there is nothing, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.errors import BPostError
from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.reading.actions import Keys
from bpost_tui.reading.session import Session, row_of
from bpost_tui.reading.wording import error_line
from bpost_tui.typeset.items import Item
from bpost_tui.ui.widgets.category_list import CategoryList


class EmptyList:
    """Says why a list is empty.

    Args:
        offline: Whether no request is ever made.
        leaves_out_read: Returns whether read stories are left out.
        trouble: Returns why the last refresh failed, where it did.
    """

    def __init__(
        self,
        session: Session,
        categories: CategoryList,
        language: Language,
        keys: Keys,
        *,
        offline: bool,
        leaves_out_read: Callable[[], bool],
        trouble: Callable[[], BPostError | None],
    ) -> None:
        self._session = session
        self._categories = categories
        self._language = language
        self._keys = keys
        self._offline = offline
        self._leaves_out_read = leaves_out_read
        self._trouble = trouble

    def items(self) -> tuple[Item, ...]:
        """Set it."""
        language, source, trouble = self._language, self._session.shown, self._trouble()
        total = next((count.total for count in self._categories.counts if row_of(count) == source.base), 0)
        return templates.empty(
            language,
            is_search=bool(source.query),
            is_all_news=not source.slug,
            unread_key=self._keys.shown("unread_only") if total and self._leaves_out_read() else "",
            trouble=error_line(trouble, language) if trouble is not None else "",
            offline=self._offline,
        )
