"""Events: handlers are called in the order of connecting."""

from __future__ import annotations

from bpost_tui.tui.event import Event


def test_event_calls_handlers_in_order_of_connecting() -> None:
    event: Event[str, int] = Event()
    calls: list[tuple[int, str, int]] = []
    event.connect(lambda name, number: calls.append((1, name, number)), lambda name, number: calls.append((2, name, number)))
    event.connect(lambda name, number: calls.append((3, name, number)))
    event("a", 7)
    assert calls == [(1, "a", 7), (2, "a", 7), (3, "a", 7)]


def test_event_can_be_connected_to_another() -> None:
    first, second = Event[()](), Event[()]()
    calls: list[str] = []
    first.connect(second)
    second.connect(lambda: calls.append("second"))
    first()
    assert calls == ["second"]
