"""Templates: functions that make pages from stories, lists and messages, in the reader's language. Pure: no Textual, no clock.

A page is a sequence of items for the typesetter: paragraphs, headings, pictures …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpost_tui.typesetting.text.lazy_names import lazy_names

if TYPE_CHECKING:
    from bpost_tui.core.templates.bars import CategoryBar as CategoryBar
    from bpost_tui.core.templates.bars import answer as answer
    from bpost_tui.core.templates.bars import bangla_calendar as bangla_calendar
    from bpost_tui.core.templates.bars import banner as banner
    from bpost_tui.core.templates.bars import category_bar as category_bar
    from bpost_tui.core.templates.bars import days as days
    from bpost_tui.core.templates.bars import footer as footer
    from bpost_tui.core.templates.bars import status as status
    from bpost_tui.core.templates.bars import title as title
    from bpost_tui.core.templates.help_and_notices import empty_list as empty_list
    from bpost_tui.core.templates.help_and_notices import help_page as help_page
    from bpost_tui.core.templates.help_and_notices import list_end as list_end
    from bpost_tui.core.templates.help_and_notices import notice as notice
    from bpost_tui.core.templates.help_and_notices import program_output as program_output
    from bpost_tui.core.templates.help_and_notices import tour as tour
    from bpost_tui.core.templates.link_rows import link_row as link_row
    from bpost_tui.core.templates.link_rows import topic_row as topic_row
    from bpost_tui.core.templates.list_rows import RowDetail as RowDetail
    from bpost_tui.core.templates.list_rows import category as category
    from bpost_tui.core.templates.list_rows import followed_head as followed_head
    from bpost_tui.core.templates.list_rows import headline_row as headline_row
    from bpost_tui.core.templates.list_rows import last_visit as last_visit
    from bpost_tui.core.templates.list_rows import searches_head as searches_head
    from bpost_tui.core.templates.list_rows import tallest_headline_row as tallest_headline_row
    from bpost_tui.core.templates.list_rows import unread_of as unread_of
    from bpost_tui.core.templates.revisions_page import changes_page as changes_page
    from bpost_tui.core.templates.revisions_page import first_change as first_change
    from bpost_tui.core.templates.story_page import figure as figure
    from bpost_tui.core.templates.story_page import label as label
    from bpost_tui.core.templates.story_page import picture_placeholder as picture_placeholder
    from bpost_tui.core.templates.story_page import story as story
    from bpost_tui.core.templates.story_page import story_as_text as story_as_text

_MODULES = {
    "bars": "CategoryBar answer bangla_calendar banner category_bar days footer status title",
    "help_and_notices": "empty_list help_page list_end notice program_output tour",
    "link_rows": "link_row topic_row",
    "list_rows": "RowDetail category followed_head headline_row last_visit searches_head tallest_headline_row unread_of",
    "revisions_page": "changes_page first_change",
    "story_page": "figure label picture_placeholder story story_as_text",
}
"""Maps each module of this package to its public names. A module is imported when one of its names is first used, because
showing the first headlines needs only the modules for bars and rows of lists.
"""


if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, _MODULES)
