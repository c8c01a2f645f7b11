"""Every target with the kept cases, some mutated recordings, and Hypothesis's inputs. `make fuzz` runs more of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.portal.parse_results import ParserTask
from bpost_tui.portal.worker import parser_worker
from tests.fuzz.corpus import fails, keep, kept
from tests.fuzz.mutator import MAX_BYTES, TOKENS, mutate, renumber
from tests.fuzz.targets import Target, targets

NAMES = (
    *("feed", "sitemap", "page", "posts", "categories", "html", "gate", "wire", "door"),
    *("replies", "boundary", "config", "theme", "choices", "query"),
)
RUNS = 60
PIECES = st.lists(st.sampled_from(TOKENS) | st.binary(max_size=20) | st.text(max_size=20).map(str.encode), max_size=12).map(
    b"".join
)


@pytest.fixture(scope="module")
def ways_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Target]]:
    with targets(tmp_path_factory.mktemp("fuzz")) as found:
        yield found


def test_targets_have_the_listed_names(ways_in: dict[str, Target]) -> None:
    assert tuple(ways_in) == NAMES


@pytest.mark.parametrize(("name", "path"), [pytest.param(name, path, id=f"{name}-{path.name}") for name, path in kept()])
def test_kept_case_passes(ways_in: dict[str, Target], name: str, path: Path) -> None:
    ways_in[name].run(path.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_mutated_recording_passes(ways_in: dict[str, Target], name: str) -> None:
    target, dice = ways_in[name], Random(name)
    for _ in range(RUNS):
        target.run(mutate(dice.choice(target.seeds), target.seeds, dice))


@pytest.mark.parametrize(("name", "task"), [("feed", "feed"), ("sitemap", "feed"), ("page", "page"), ("posts", "posts")])
def test_recordings_are_not_all_refused(ways_in: dict[str, Target], monkeypatch: pytest.MonkeyPatch, name: str, task: str) -> None:
    read, found = parser_worker._TASKS[task], []

    def reads(asked: ParserTask, body: bytes) -> object:
        found.append(read(asked, body))
        return found[-1]

    monkeypatch.setitem(parser_worker._TASKS, task, reads)
    for seed in ways_in[name].seeds:
        ways_in[name].run(seed)
    assert found


@pytest.mark.parametrize("name", ["door", "posts", "wire", "config", "theme", "choices"])
def test_replaced_numbers_pass(ways_in: dict[str, Target], name: str) -> None:
    target, dice = ways_in[name], Random(name)
    for _ in range(RUNS):
        target.run(renumber(dice.choice(target.seeds), dice))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 99), at=st.integers(0, 2000), piece=PIECES, dropped=st.integers(0, 400), alone=st.booleans())
def test_generated_pieces_pass(
    ways_in: dict[str, Target], name: str, seed: int, at: int, piece: bytes, dropped: int, alone: bool
) -> None:
    target = ways_in[name]
    body = b"" if alone else target.seeds[seed % len(target.seeds)]
    target.run(body[:at] + piece + body[at + dropped :])


# ── the tools themselves ────────────────────────────────────────────────────


def test_mutate_repeats_with_the_same_dice_and_limits_the_size() -> None:
    def chain(seed: int) -> bytes:
        dice, data = Random(seed), b"<a>b</a>"
        for _ in range(400):
            data = mutate(data, [b"other"], dice)
        return data

    assert chain(1) == chain(1) != chain(2)
    assert len(chain(1)) <= MAX_BYTES


def test_keep_saves_the_shortest_failing_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(data: bytes) -> None:
        assert b"\x1b" not in data

    monkeypatch.setattr("tests.fuzz.corpus.FOLDER", tmp_path)
    target = Target("made-up", (), run)
    assert fails(target, b"a\x1bb") == "AssertionError" and fails(target, b"ab") == ""
    assert keep(target, b"long before \x1b long after").read_bytes() == b"\x1b"
