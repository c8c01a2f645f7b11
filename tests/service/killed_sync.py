"""A single sync with a service, made to be killed: `python -m tests.service.killed_sync LIBRARY ADDRESS PAPER`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.paper import paper_at
from bpost_tui.store.library import Library


def main(folder: str, address: str, paper: str) -> None:
    """Sync marks with the service."""
    with Library(Path(folder)) as library:
        library.set_subscriptions([paper_at(paper)])
        peer = GreaderPeer(library, GreaderAccount(address, "reader", inline_password="secret"), lambda: datetime.now(UTC))
        if (error := sync(peer)) is not None:
            raise error


if __name__ == "__main__":
    main(*sys.argv[1:])
