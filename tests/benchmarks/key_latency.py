"""Latency from a key to its frame, and bytes of the frame, in a pseudo-terminal with the answers of each render mode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.libraries import copy
from tests.benchmarks.measures import Results, Row, row
from tests.benchmarks.stopwatch_terminal import ANSWERS, Step, Terminal, reader

GROUP = "Key to frame"
BYTES = "Bytes to the terminal at 100×30"
FRAME_MS, WORST_MS, STORY_MS = 16.0, 40.0, 60.0
SCREEN_BYTES = {"kitty": 110_000, "sixel": 190_000}
STEP_BYTES = {"kitty": 12_000, "sixel": 150_000}
_STORIES = 10_000
_HELD = 60
"""Repeats of a held key: two seconds of them."""


def measure(results: Results, home: Path, *, steps: int = 24) -> None:
    """Press the most frequent keys in every render mode."""
    for render_mode in ANSWERS:
        data = copy(_STORIES, home / render_mode)
        with Terminal(reader(data, render_mode), home, answer=ANSWERS[render_mode]) as terminal:
            terminal.wait(lambda stream: len(stream) > 3000)
            terminal.settle(0.5)
            first_screen = len(terminal.stream)
            results.add(_bytes(render_mode, "first screen, all its frames", [first_screen], SCREEN_BYTES))
            _lists(results, terminal, render_mode, steps)
            _story(results, terminal, render_mode, steps)
            terminal.quit()


def _lists(results: Results, terminal: Terminal, render_mode: str, steps: int) -> None:
    down = [terminal.press(b"j", quiet_s=0.12) for _ in range(steps)]
    results.add(_frames(render_mode, "next headline", down))
    settled = [step.settled_ms for step in down]
    results.add(row(GROUP, f"{render_mode}: … until its story is beside it", "ms", settled, limit=STORY_MS))
    results.add(_frames(render_mode, "a page of headlines", [terminal.press(b"\x1b[6~", quiet_s=0.12) for _ in range(steps // 2)]))


def _story(results: Results, terminal: Terminal, render_mode: str, steps: int) -> None:
    terminal.press(b"\r", quiet_s=0.4)
    lines, pages, stories = [], [], []
    for _ in range(max(4, steps // 8)):
        stories.append(terminal.press(b"J", quiet_s=0.15))
        lines += [terminal.press(b"j") for _ in range(8)]
        pages.append(terminal.press(b" "))
        terminal.press(b"g")
    held = terminal.hold(b"j", _HELD)
    moved = [step for step in lines if step.stream]
    results.add(_frames(render_mode, "scroll a line", moved))
    results.add(_bytes(render_mode, "scroll a line", [len(step.stream) for step in moved], STEP_BYTES))
    results.add(_bytes(render_mode, f"a line, the key held for {_HELD}", [len(held) / _HELD], STEP_BYTES))
    results.add(_frames(render_mode, "scroll a page", [step for step in pages if step.stream]))
    results.add(_bytes(render_mode, "scroll a page", [len(step.stream) for step in pages if step.stream], {}))
    opened = [step.settled_ms for step in stories]
    results.add(row(GROUP, f"{render_mode}: the next story on screen", "ms", opened, limit=STORY_MS))
    results.add(_bytes(render_mode, "the next story", [len(step.stream) for step in stories], {}))


def _frames(render_mode: str, name: str, steps: list[Step]) -> Row:
    return row(GROUP, f"{render_mode}: {name}", "ms", [step.frame_ms for step in steps], limit=FRAME_MS, worst_limit=WORST_MS)


def _bytes(render_mode: str, name: str, sizes: Sequence[float], limits: dict[str, int]) -> Row:
    limit = limits[render_mode] / 1000 if render_mode in limits else None
    return row(BYTES, f"{render_mode}: {name}", "kB", [size / 1000 for size in sizes], limit=limit)
