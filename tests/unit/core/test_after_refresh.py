"""Steps after a refresh: their order, and the stories that each receives."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.core.after_refresh import StepFailures, Steps, after_refresh
from bpost_tui.errors import PortalError, ProgramError
from bpost_tui.i18n import Language
from bpost_tui.mark_changes.field_changes import FieldChange, Subject, SubjectKind
from bpost_tui.model.story import Headline, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW


def new_stories(library: Library, count: int = 2) -> tuple[int, ...]:
    return library.save([Story(f"{at}", f"খবর {at}", published=NOW, full=True) for at in range(count)], now=NOW).new


class FailingPeer:
    """A peer (place to sync marks with) that reports one story as read and then fails."""

    setting, lock_name, place = "service", "elsewhere.lock", "reader.example"
    timeout_s: float | None = None

    def __init__(self, library: Library, read: int, done: list[object]) -> None:
        self.library, self._read, self._done = library, read, done

    def is_due(self) -> bool:
        return True

    def sync_locked(self) -> None:
        subject = Subject(SubjectKind.STORY, self.library.headline(self._read).guid, self.library.headline(self._read).paper)
        self.library.changes.merge({subject: {"read": FieldChange(1, True)}})
        self._done.append("sync")
        raise PortalError("it can't be reached", unanswered=True)


def test_steps_after_a_refresh_are_sync_hook_notification(library: Library) -> None:
    new, done = new_stories(library), list[object]()

    def hook(rows: Sequence[Headline]) -> None:
        done.append(("hook", [row.id for row in rows]))

    def notify(stories: Sequence[int]) -> None:
        done.append(("notify", [*stories]))

    peers = (FailingPeer(library, new[0], done),)
    assert after_refresh(library, new, Steps(peers, hook, notify)) == StepFailures(("service: it can't be reached",))
    assert done == ["sync", ("hook", [new[1]]), ("notify", [new[1]])]


def test_failing_hook_is_reported_and_the_notification_follows(library: Library) -> None:
    new, notified = new_stories(library), list[int]()

    def hook(rows: Sequence[Headline]) -> None:
        raise ProgramError("sh: out of paper")

    failures = after_refresh(library, new, Steps(hook=hook, notify=notified.extend))
    assert [Language("en").reason(trouble) for trouble in failures.hook] == ["hooks.new_stories: sh: out of paper"]
    assert notified == [*new]


def test_unreachable_peer_is_not_reported_when_offline(library: Library) -> None:
    peers = (FailingPeer(library, new_stories(library)[0], []),)
    assert after_refresh(library, (), Steps(peers, is_offline=True)) == StepFailures()


def test_deleted_story_is_skipped_after_a_refresh(library: Library) -> None:
    new, notified = new_stories(library), list[list[int]]()
    steps = Steps(notify=lambda stories: notified.append([*stories]))
    assert after_refresh(library, (*new, 99_999), steps) == StepFailures()
    assert after_refresh(library, (99_999,), steps) == after_refresh(library, (), steps) == StepFailures()
    assert notified == [[*new]]
