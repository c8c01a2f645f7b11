"""Portal → store. Whoever iterates over `refresh` sees what happens; nothing here knows a screen.

`refresh` is the whole of a refresh, `refresh_job` what its parts share. `feeds` fetches what is new, `backfill` what is old,
`articles` a single story, `pictures` a picture, `offline_pack` all that reading without a network takes.
"""

from bpost_tui.sync.articles import LinkedStory, fetch_full, fetch_link
from bpost_tui.sync.events import BackfillRequest, Failed, Finished, PaperPlan, Plan, Progress, Stored, SyncEvent
from bpost_tui.sync.papers_refresh import refresh_papers
from bpost_tui.sync.refresh import refresh

__all__ = [
    "BackfillRequest",
    "Failed",
    "Finished",
    "LinkedStory",
    "PaperPlan",
    "Plan",
    "Progress",
    "Stored",
    "SyncEvent",
    "fetch_full",
    "fetch_link",
    "refresh",
    "refresh_papers",
]
