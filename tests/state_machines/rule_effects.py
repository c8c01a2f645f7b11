"""Count of how often each rule of a state machine took effect: a rule that never does tests nothing, and fails the run.

Rules are called with any values, and most calls change nothing: the mark is set already, or the file to deliver doesn't exist.
A rule whose condition can never be true is called thousands of times, and looks as useful as any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial, wraps
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

    def call(machine: CountedStates, rule: Callable[[], None]) -> bool:
        before = machine.snapshot()
        rule()
        return machine.snapshot() != before

    return _counted_by(call, function)


def always_counted(function: Rule) -> Rule:
    """Count all calls of a rule without a trace in the snapshot, for example a repair of a sound library."""

    def call(_: CountedStates, rule: Callable[[], None]) -> bool:
        rule()
        return True

    return _counted_by(call, function)


def _counted_by(call: Callable[[CountedStates, Callable[[], None]], bool], function: Rule) -> Rule:
    """Count the calls of the rule `function` that `call` makes with an effect. Calls by another rule count as that rule's."""

    @wraps(function)
    def counting(self: CountedStates, *args: Any, **values: Any) -> None:
        rule = partial(function, self, *args, **values)
        if vars(self).get("is_in_rule"):  # two snapshots for each call took a fifth of the time
            rule()
            return
        vars(self)["is_in_rule"] = True
        try:
            self.effects[function.__name__] += call(self, rule)
        finally:
            vars(self)["is_in_rule"] = False

    vars(counting)["is_counted"] = True
    return cast(Rule, counting)


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
