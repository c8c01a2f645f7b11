"""Count of how often each rule of a state machine took effect: a rule that never does tests nothing, and fails the run.

Rules are called with any values, and most calls change nothing: the mark is set already, or the file to deliver doesn't exist.
A rule whose condition can never be true is called thousands of times, and looks as useful as any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Protocol, TypeVar, cast

from hypothesis import settings as Settings
from hypothesis.stateful import run_state_machine_as_test

Rule = TypeVar("Rule", bound=Callable[..., None])


class CountedStates(Protocol):
    """State machine with counted rules."""

    effects: ClassVar[Counter[str]]
    """Number of calls that took effect, by the name of the rule."""

    def snapshot(self) -> object:
        """Return the values that rules change, for comparison."""
        ...


def counted(function: Rule) -> Rule:
    """Count the calls of a rule that change the snapshot of its machine."""

    @wraps(function)
    def call(self: CountedStates, *args: Any, **values: Any) -> None:
        before = self.snapshot()
        function(self, *args, **values)
        self.effects[function.__name__] += self.snapshot() != before

    return cast(Rule, _registered(call))


def always_counted(function: Rule) -> Rule:
    """Count all calls of a rule without a trace in the snapshot, for example a repair of a sound library."""

    @wraps(function)
    def call(self: CountedStates, *args: Any, **values: Any) -> None:
        function(self, *args, **values)
        self.effects[function.__name__] += 1

    return cast(Rule, _registered(call))


def counting_case(machine: Any, settings: Settings) -> Any:
    """Return the test case of a machine; it fails if a counted rule of the machine has never taken effect."""

    class CountingCase(machine.TestCase):  # type: ignore[misc]  # made by Hypothesis from the machine
        def runTest(self) -> None:
            super().runTest()
            if _idle_rules(machine):  # the values depend on the modules that are loaded, and few runs may miss a rule
                run_state_machine_as_test(
                    machine, settings=Settings(settings, derandomize=False, max_examples=4 * settings.max_examples)
                )
            idle = _idle_rules(machine)
            assert not idle, f"rules that never took effect: {idle}; calls that did: {dict(machine.effects)}"

    CountingCase.settings = settings
    return CountingCase


def _idle_rules(machine: type[CountedStates]) -> list[str]:
    """Return the names of the counted rules of a machine that have never taken effect."""
    return [name for name, value in vars(machine).items() if hasattr(value, "is_counted") and not machine.effects[name]]


def _registered(call: Callable[..., None]) -> Any:
    vars(call)["is_counted"] = True
    return call
