"""Refreshes: fetch news from portals and save it in the library. No module of this package depends on the screen.

`library_refresh.refresh_papers` refreshes all papers, and `paper_refresh.refresh_paper` refreshes one paper; both yield events.
`feed_refresh` fetches new stories, `backfiller` old stories, `edited_stories` edited stories, `article_fetch` a single story,
`picture_fetch` a picture, and `offline_pack` the texts and pictures for reading without a network. `refresh_job` is the state that
the steps of a refresh share.

Importing the package loads only the module of the events, because the screen's process makes no refreshes itself. So the screen
appears 4 ms earlier.
"""

from bpost_tui.refresh.refresh_events import (
    BackfillRequest,
    FetchFailure,
    PaperPlan,
    RefreshEvent,
    RefreshPlan,
    RefreshProgress,
    RefreshResult,
    SavedBatch,
)

__all__ = [
    "BackfillRequest",
    "FetchFailure",
    "PaperPlan",
    "RefreshEvent",
    "RefreshPlan",
    "RefreshProgress",
    "RefreshResult",
    "SavedBatch",
]
