"""Steps after a refresh: their order, and which stories they get."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.core.after_refresh import Steps, after_refresh
from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW


def new_stories(library: Library, count: int = 2) -> tuple[int, ...]:
    return library.save([Story(f"{at}", f"খবর {at}", published=NOW, full=True) for at in range(count)], now=NOW).new


def test_exchanges_come_first_then_the_hook_then_the_notification(library: Library) -> None:
    new, done = new_stories(library), list[object]()

    def exchange() -> tuple[str, ...]:
        library.set_mark("read", new[:1], True, now=NOW)
        done.append("exchange")
        return ("service: it can't be reached",)

    def hook(rows: Sequence[Headline]) -> None:
        done.append(("hook", [row.id for row in rows]))

    def notify(stories: Sequence[int]) -> None:
        done.append(("notify", [*stories]))

    assert after_refresh(library, new, Steps((exchange,), hook, notify)) == ("service: it can't be reached",)
    assert done == ["exchange", ("hook", [new[1]]), ("notify", [new[1]])]


def test_hook_that_fails_is_a_sentence_and_the_notification_follows(library: Library) -> None:
    new, notified = new_stories(library), list[int]()

    def hook(rows: Sequence[Headline]) -> None:
        raise ProgramError("sh: out of paper")

    troubles = after_refresh(library, new, Steps(hook=hook, notify=notified.extend))
    assert [Language("en").reason(trouble) for trouble in troubles] == ["hooks.new_stories: sh: out of paper"]
    assert notified == [*new]


def test_story_that_is_deleted_meanwhile_is_left_out_and_without_any_nothing_runs(library: Library) -> None:
    new, notified = new_stories(library), list[list[int]]()
    steps = Steps(notify=lambda stories: notified.append([*stories]))
    assert after_refresh(library, (*new, 99_999), steps) == ()
    assert after_refresh(library, (99_999,), steps) == after_refresh(library, (), steps) == ()
    assert notified == [[*new]]
