"""Tests by random walks in every render mode: a short walk here, long walks by `make walk`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bpost_tui.config import PortalSetting, Settings
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.conftest import NOW
from tests.list_reloads import News, serve_other_papers
from tests.scripted_portal import PortalServer, portal_server
from tests.tui.conftest import ReaderFactory
from tests.tui.fenced_terminal import Fault, FencedTerminal
from tests.tui.random_walk import Walk
from tests.tui.twin_reader import FreshReaders

__all__ = ["portal_server"]

WAYS = {
    "kitty": (RenderMode.KITTY, "pixels"),
    "sixel": (RenderMode.SIXEL, "pixels"),
    "inline": (RenderMode.INLINE, "pixels"),
    "mosaic": (RenderMode.MOSAIC, "mosaic"),
    "cells": (RenderMode.CELLS, "cells"),
}


WITH_OTHERS = ("kitty", "cells")
"""Render modes that are also walked with two more papers, which report the same news."""


REPLAYED = (
    *(("f1", "cells", 100), ("f1", "kitty", 200), ("s24-11", "sixel", 360), ("h25a", "inline", 100), ("h24c", "sixel", 460)),
    *(("h25c", "sixel", 900), ("h26a", "inline", 1280), ("h26a", "mosaic", 1540), ("h25a", "sixel", 1640)),
    *(("h29c", "kitty", 100), ("h29c", "mosaic", 900), ("h29e", "sixel", 1406)),
)
"""Walks that found a fault, as (seed, render mode, number of steps). `make walk` repeats them without reloads between keys."""


FAULTS = {"kitty": Fault.LATE, "sixel": Fault.MISSING, "mosaic": Fault.DOUBLED}
"""Maps render modes to the fault of a quarter of the replies to the query after each frame. Other walks write no frames."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make walks for each render mode, with reloads between keys. Long runs also repeat walks that once found a fault."""
    seed, steps, fault = (metafunc.config.getoption(name) for name in ("--walk-seed", "--walk-steps", "--walk-fault"))
    again = [(seed, way, least, False, False, None) for seed, way, least in REPLAYED if steps >= least]
    walks = [
        (seed, way, steps, has_others, True, Fault(fault) if fault else FAULTS.get(way))
        for has_others, ways in ((False, WAYS), (True, WITH_OTHERS))
        for way in ways
    ]
    metafunc.parametrize(("seed", "way", "steps", "has_others", "reloads", "fault"), [*walks, *again])


async def test_screen_is_right_after_a_random_walk(
    reader: ReaderFactory,
    portal_server: PortalServer,
    tmp_path: Path,
    seed: str,
    way: str,
    steps: int,
    has_others: bool,
    reloads: bool,
    fault: Fault | None,
) -> None:
    dice = random.Random(f"{seed} {way}" + " papers" * has_others)
    between = random.Random(f"{seed} {way} reloads") if reloads else None
    news = News(portal_server, dice)
    render_mode, how = WAYS[way]
    settings = Settings(pictures="always")
    if has_others:
        first, *others = (portal_server.address, *serve_other_papers(portal_server, NOW))
        papers = PortalSetting(first), *(PortalSetting(address, groups=("District",)) for address in others)
        settings = settings._replace(portals=papers)
    left = steps
    while left:  # if a letter or a click leaves the app, the walk continues in a new reader
        fenced = FencedTerminal(fault, random.Random(f"{seed} {way} replies {left}")) if fault else None
        async with reader(portal_server.address, render_mode=render_mode, how=how, settings=settings, fenced=fenced) as bpost:
            bpost.refresh_by_itself()
            await bpost.settle()
            fresh = FreshReaders(reader, portal_server.address, render_mode, settings, tmp_path / f"fresh {left}")
            left -= await Walk(bpost, news, dice, fresh, between).go(left)
