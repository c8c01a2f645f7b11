"""Walks in every way of drawing: a short one here, `make walk` takes long ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bpost_tui.config import Settings
from bpost_tui.terminal.capabilities import RenderMode
from tests.scripted_portal import PortalServer, portal_server
from tests.ui.conftest import ReaderFactory
from tests.ui.same_place import FreshReaders
from tests.ui.walk import News, Walk

__all__ = ["portal_server"]

WAYS = {
    "kitty": (RenderMode.KITTY, "pixels"),
    "sixel": (RenderMode.SIXEL, "pixels"),
    "inline": (RenderMode.INLINE, "pixels"),
    "mosaic": (RenderMode.MOSAIC, "mosaic"),
    "cells": (RenderMode.CELLS, "cells"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_screen_is_true_wherever_one_walks(
    reader: ReaderFactory, portal_server: PortalServer, tmp_path: Path, way: str, request: pytest.FixtureRequest
) -> None:
    seed, steps = request.config.getoption("--walk-seed"), request.config.getoption("--walk-steps")
    dice = random.Random(f"{seed} {way}")
    news = News(portal_server, dice)
    render_mode, how = WAYS[way]
    settings = Settings(pictures="always")
    async with reader(portal_server.address, render_mode=render_mode, how=how, settings=settings) as bpost:
        bpost.refresh_by_itself()
        await bpost.settle()
        fresh = FreshReaders(reader, portal_server.address, render_mode, settings, tmp_path / "fresh")
        walk = Walk(bpost, news, dice, fresh)
        await walk.go(steps)
