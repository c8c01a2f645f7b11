"""Random walk through the app: random keys, mouse events, sizes, news and marks from a seed; the screen must stay right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from textual import events

from bpost_tui.core.keys.actions import ACTIONS
from bpost_tui.core.lists.listings import Listings
from tests.list_reloads import ListReload, News, draw_reload, mark_elsewhere
from tests.tui.held_calls import HeldCalls
from tests.tui.reader_facade import Reader
from tests.tui.repaint_check import Named, unlike
from tests.tui.twin_reader import FreshReaders, load_as_many

EVERY = 20
"""Number of steps between two comparisons of the screen with a screen that is painted completely."""
SIZES = ((140, 40), (100, 30), (80, 24), (60, 20), (200, 50), (130, 40))
_LEAVING = {"quit", "leave", "suspend", "sample", "browser"}
_PROGRAMS = {"pipe", "listen", "pause", "next_sentence", "previous_sentence", "faster", "settings", "share"}
_MOVING = ("j", "k", "J", "K", "space", "enter", "escape", "tab", "h", "l", "g", "G", "pagedown", "pageup", "ctrl+d", "ctrl+u", "n")
_DRAWING = ("+", "-", "=", "T", "t", "ctrl+l", "z", "C", "U", "R", ">", "<", "alt+right", "alt+left", "?", ":", "i")
_OTHER = tuple(key for action in ACTIONS if action.id not in _LEAVING | _PROGRAMS for key in action.keys[:1])
_RELOAD_S = 0.03
"""Time in seconds that reading the list again takes, unless the machine is busy."""
_LETTERS = "abeiknorst খবরনদী"


@dataclass
class Walk:
    """Random walk; the same seed takes the same steps.

    Args:
        bpost: Reader to walk in.
        news: Portal that publishes news.
        dice: Random numbers that choose the steps.
        fresh: Starter of new readers, for comparison.
        reloads: Random numbers that choose the keys after which the list is read again; None for no such reloads. They are
            separate from `dice`, so that older seeds keep their steps.
    """

    bpost: Reader
    news: News
    dice: random.Random
    fresh: FreshReaders
    reloads: random.Random | None = None
    trail: list[str] = field(default_factory=list)
    """All steps in words: enough to repeat a walk that failed."""
    repaints: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    async def go(self, steps: int) -> int:
        """Take `steps` steps, or fewer if a step leaves the app; return the number taken."""
        for number in range(1, steps + 1):
            try:
                await self._step()
                if not self.bpost.app.is_running:
                    return number
                if number % EVERY == 0:
                    await self.repaint()
                    await self.begin_again()
                    if self.reloads is not None:
                        await self.choose_two_lists()
            except AssertionError as error:
                raise AssertionError(f"at step {number}, after {' '.join(self.trail[-60:])}:\n{error}") from error
        return steps

    async def repaint(self) -> None:
        """Check that the screen stays the same when everything on it is typeset and painted again."""
        before = await self._rest()
        self.bpost.app.redraw()
        await self._rest()
        differences = unlike(before, self.bpost.screenful.named())
        assert not differences, "painted again\n" + "\n".join(differences)
        self.repaints += 1

    async def begin_again(self) -> None:
        """Close dialogs, and check that a new reader in the same state shows the same screen."""
        while self.bpost.is_answering:
            await self._press("escape")
        before = await self._rest()
        async with self.fresh.beside(self.bpost) as fresh:
            await self._rest(fresh)
            load_as_many(fresh, self.bpost)
            differences = unlike(await self._rest(fresh), before, drawn=True)
        assert not differences, "begun again\n" + "\n".join(differences)

    async def choose_two_lists(self) -> None:
        """Choose two other lists, and return. Check that the second is shown, though the first is read after it."""
        bpost, here = self.bpost, self.bpost.categories.cursor
        others = [at for at in range(bpost.categories.row_count()) if at != here][:2]
        if len(others) < 2:
            return
        self.trail.append(f"[lists {others}]")
        with pytest.MonkeyPatch.context() as patch, HeldCalls(patch, Listings, "read", first_only=True) as held:
            bpost.choose_category(others[0])
            assert await bpost.until(lambda: held.calls > 0)
            bpost.choose_category(others[1])
            assert await bpost.until(lambda: bpost.is_list_shown)
        await bpost.settle()
        assert bpost.is_list_shown, "a list is shown that was chosen before another"
        bpost.choose_category(here)
        await bpost.settle()
        self.kinds["late list"] += 1

    async def _rest(self, bpost: Reader | None = None) -> list[Named]:
        """Wait until no timer or message changes the screen of `bpost` (None: the walk's reader) any more; return its lines."""
        if bpost is None:
            self.bpost.refresh_what_is_due()  # the app itself would do so half a minute later
        bpost, before = bpost or self.bpost, list[Named]()
        while (now := bpost.screenful.named()) != before:
            before = now
            await bpost.rest()
        return before

    async def _step(self) -> None:
        kind = self.dice.choices(("move", "draw", "other", "type", "click", "wheel", "resize", "news", "time"), _WEIGHTS)[0]
        self.kinds[kind] += 1
        if kind in _KEYS:
            await self._press(self.dice.choice(_KEYS[kind]))
        elif kind == "type":
            await self._press(self.dice.choice(_LETTERS) if self.bpost.is_asking else self.dice.choice(_MOVING))
        elif kind == "resize":
            cols, rows = self.dice.choice(SIZES)
            self.trail.append(f"[{cols}×{rows}]")
            await self.bpost.pilot.resize_terminal(cols, rows)
            await self.bpost.settle()
        elif kind == "news":
            self.trail.append("[news]")
            self.news.publish()
            self.bpost.refresh_by_itself()
            await self.bpost.settle()
        elif kind == "time":
            self.trail.append("[time]")
            self.bpost.tick(self.dice.choice((90, 4000)))
            self.bpost.reload()
            await self.bpost.settle()
        else:
            await self._mouse(kind)

    async def _press(self, key: str) -> None:
        if (self.bpost.dialog, key) == ("", "escape") and self.bpost.pane == "categories":
            key = "l"  # Escape would leave the app
        self.trail.append(key)
        key = {" ": "space"}.get(key, key)
        if self.reloads is not None and (reload := draw_reload(self.reloads)) is not None:
            await self._press_around_reload(key, reload, self.reloads)
        else:
            await self.bpost.press(key)

    async def _press_around_reload(self, key: str, reload: ListReload, dice: random.Random) -> None:
        """Press `key`, and reload the list between more keys, while a story that a key has opened is still being read."""
        self.kinds[reload.kind] += 1
        self.trail += [*reload.before, f"[{reload.kind}]", *reload.after]
        with pytest.MonkeyPatch.context() as patch, HeldCalls(patch, Listings, "story_and_item", first_only=True):
            for each in (key, *reload.before):
                await self._press_in_passing(each)
            self._have_reloaded(reload.kind, dice)
            await self.bpost.pilot.pause(_RELOAD_S)
            for each in reload.after:
                await self._press_in_passing(each)
        if self.bpost.app.is_running:
            await self.bpost.settle()

    async def _press_in_passing(self, key: str) -> None:
        if self.bpost.app.is_running:
            await self.bpost.pilot.press(key)

    def _have_reloaded(self, kind: str, dice: random.Random) -> None:
        if not self.bpost.app.is_running:
            return
        if kind == "refresh":
            self.news.publish()
            self.bpost.refresh_by_itself()
        elif kind == "marks":
            mark_elsewhere(self.bpost.library, [row.id for row in self.bpost.posts.stories], dice, self.bpost.now)
            self.bpost.notice_others()
        else:
            self.bpost.reload()

    async def _mouse(self, kind: str) -> None:
        size = self.bpost.app.screen.size
        x, y = self.dice.randrange(size.width), self.dice.randrange(size.height)
        if kind == "click" and self.bpost.dialog in ("help", "palette"):
            kind = "wheel"  # there the key might leave the app
        self.trail.append(f"[{kind} {x},{y}]")
        if kind == "click":
            await self.bpost.pilot.click(offset=(x, y))
        else:
            turned = self.dice.choice((events.MouseScrollDown, events.MouseScrollUp))
            for _ in range(self.dice.randint(1, 4)):
                self.bpost.app.screen._forward_event(turned(None, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=y))
        await self.bpost.settle()


_KEYS: dict[str, Sequence[str]] = {"move": _MOVING, "draw": _DRAWING, "other": _OTHER}
_WEIGHTS = (55, 10, 12, 6, 4, 5, 3, 2, 2)
