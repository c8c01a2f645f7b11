"""Portal → store. The caller sees what happens by iterating over `refresh.refresh`; nothing here knows a screen.

`refresh` is the whole of a refresh, `refresh_job` what its parts share. `feeds` fetches what is new, `backfill` what is old,
`articles` a single story, `pictures` a picture, `offline_pack` all that reading without a network takes. Of all that, only the
events are loaded here: the reader, whose refreshes are done by another process, starts without the rest (4 ms).
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
