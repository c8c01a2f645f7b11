"""Brings over what earlier versions have left in a folder for each portal; done at the first start, with a progress bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpost_tui.cli.console import Console
from bpost_tui.cli.progress import Progress

if TYPE_CHECKING:
    from bpost_tui.cli.context import Context


def bring(context: Context, console: Console) -> None:
    """Bring over all there is; raises StoreError where it can't be done, and then all is as it was."""
    from bpost_tui.cli.context import clock
    from bpost_tui.reading.last_place import LastPlace
    from bpost_tui.store.bring_over import bring_over  # 20 ms, with the search index

    with Progress(console, context.language) as progress:
        became = bring_over(context.folders.data, context.stand.papers, now=clock(), tell=progress.stories)
    if became is not None:
        places = (LastPlace(context.folders.state, str(folder.absolute())) for folder in (became, context.folders.library))
        earlier, now = places
        if (place := earlier.read()) is not None:
            now.keep(place)
