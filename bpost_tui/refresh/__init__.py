"""Refreshes: fetching news from portals and saving it in the store. Nothing here knows the screen.

`library_refresh.refresh_papers` refreshes all papers, `paper_refresh.refresh_paper` one of them; both yield events. `feed_refresh`
fetches new stories, `backfiller` old ones, `edited_stories` edits, `article_fetch` one story, `picture_fetch` a picture, and
`offline_pack` everything for reading without a network. `refresh_job` is the state that the steps of a refresh share. Only the
events are loaded here: the screen leaves refreshes to another process, and starts without the rest (4 ms).
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
