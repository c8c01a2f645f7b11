"""Templates: functions that make pages from stories, lists and messages, in the reader's language. Pure: no Textual, no clock.

A page is a sequence of items for the typesetter: paragraphs, headings, pictures …
"""

from bpost_tui.core.templates.bars import answer, bangla_calendar, banner, category_bar, days, footer, status, title
from bpost_tui.core.templates.help_and_notices import empty_list, help_page, list_end, notice, program_output, tour
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
from bpost_tui.core.templates.story_page import figure, label, picture_placeholder, story, story_as_text

__all__ = [
    "RowDetail",
    "answer",
    "bangla_calendar",
    "banner",
    "category",
    "category_bar",
    "changes_page",
    "days",
    "empty_list",
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
    "notice",
    "picture_placeholder",
    "program_output",
    "searches_head",
    "status",
    "story",
    "story_as_text",
    "tallest_headline_row",
    "title",
    "topic_row",
    "tour",
    "unread_of",
]
