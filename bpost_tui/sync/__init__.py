"""Portal → store: fetch, save, tell. Knows no screen; whoever iterates shows what happens.

`feeds` reads what is new, `archive` goes back to what is old, `edits` asks what was changed; `run` is what they share.
"""

from bpost_tui.sync.events import Back, Failed, Finished, Plan, Progress, Stored, SyncEvent
from bpost_tui.sync.refresh import fetch_full, fetch_link, refresh
from bpost_tui.sync.refresh_job import note_contacts

__all__ = [
    "Back",
    "Failed",
    "Finished",
    "Plan",
    "Progress",
    "Stored",
    "SyncEvent",
    "fetch_full",
    "fetch_link",
    "note_contacts",
    "refresh",
]
