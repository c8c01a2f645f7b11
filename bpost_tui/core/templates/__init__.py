"""What is set on each page: stories and lists to items of type, in the reader's language. Pure: no Textual, no clock."""

from bpost_tui.core.templates.bars import answer, banner, category_bar, days, footer, status, title
from bpost_tui.core.templates.help_and_notices import empty, help_page, list_end, notice, output, tour
from bpost_tui.core.templates.link_rows import link_row, topic_row
from bpost_tui.core.templates.list_rows import (
    RowDetail,
    category,
    followed_head,
    headline_row,
    last_visit,
    searches_head,
    tallest_headline_row,
    unread_of,
)
from bpost_tui.core.templates.revisions_page import changes_page, first_change
from bpost_tui.core.templates.story_page import as_text, figure, label, nothing_yet, story

__all__ = [
    "RowDetail",
    "answer",
    "as_text",
    "banner",
    "category",
    "category_bar",
    "changes_page",
    "days",
    "empty",
    "figure",
    "first_change",
    "followed_head",
    "footer",
    "headline_row",
    "help_page",
    "label",
    "last_visit",
    "link_row",
    "list_end",
    "nothing_yet",
    "notice",
    "output",
    "searches_head",
    "status",
    "story",
    "tallest_headline_row",
    "title",
    "topic_row",
    "tour",
    "unread_of",
]
