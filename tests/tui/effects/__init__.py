"""Checks of the effect of every action in `core/keys/actions.py`: one function per action, in a module of its topic.

A check starts on the third story of all news, in the list. It looks at the real changes: on the screen, in the library, on disk.
It runs in every size and in both languages, many in one session, so it reads the state beforehand and sets up the state that it
needs. A new action needs its check here, in any module of this folder; `test_every_action.py` finds it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

from bpost_tui.config.key_names import key_name
from bpost_tui.core.keys.actions import action_of
from tests.tui.reader_facade import Reader

Effect = Callable[[Reader], Awaitable[None]]

EFFECTS: dict[str, Effect] = {}
"""Checks of actions that don't end the app, by the action's id."""
ENDING: dict[str, Effect] = {}
"""Checks of actions that end the app, by the action's id."""


def effect(action_id: str, *, ends: bool = False) -> Callable[[Effect], Effect]:
    """Return a decorator that registers a function as the check of action `action_id`; `ends` if the action ends the app."""

    def keep(check: Effect) -> Effect:
        assert action_id not in EFFECTS | ENDING, f"{action_id} has two effects"
        (ENDING if ends else EFFECTS)[action_id] = check
        return check

    return keep


def keys(*action_ids: str) -> list[str]:
    """Return Textual's name of the first key of each action."""
    return [key_name(action_of(action_id).keys[0]) for action_id in action_ids]


async def begin(bpost: Reader) -> None:
    """Put the reader on the third story of all news, in the list."""
    while bpost.app.screen is not bpost.main:
        bpost.app.pop_screen()
    await bpost.start_over()
    bpost.go("posts")
    bpost.posts.cursor = 2
    await bpost.settle()


def load() -> None:
    """Import all modules of this folder, so that the checks of all actions are registered."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        import_module(f"tests.tui.effects.{path.stem}")
