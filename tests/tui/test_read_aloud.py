"""Tests of reading aloud: the spoken sentence is highlighted, keys move by sentences, and the next unread story follows."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
from textual.worker import WorkerCancelled, WorkerFailed

from bpost_tui.bengali.verbalise import verbalise
from bpost_tui.config import Settings
from bpost_tui.config.value_types import VoiceProgram
from bpost_tui.core.external_programs import ExternalProgram
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests import stub_player, stub_voice
from tests.conftest import NOW
from tests.machine_load import load_factor
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import NOWHERE, ReaderFactory
from tests.tui.effects.passage_effects import keep, to_passages
from tests.tui.held_calls import HeldCalls
from tests.tui.reader_facade import Reader

SENTENCES = ("মেদিনীপুরে আজ ভোর থেকে বৃষ্টি হয়েছে।", "বহু রাস্তা জলের তলায়।", "স্কুল বন্ধ রইল।")


def writer(path: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; open({str(path)!r}, 'a').write(sys.stdin.read() + '\\n')")


def piper_like(folder: Path, *arguments: str) -> VoiceProgram:
    voice = (sys.executable, stub_voice.__file__, "--log", str(folder / "log"), *arguments)
    player = (sys.executable, stub_player.__file__, str(folder / "played"))
    return VoiceProgram(voice, stays=True, sound_hz=stub_voice.RATE_HZ, player=player)


def save(library: Library, count: int = 2, paragraphs: int = 1) -> None:
    """Save `count` stories of `paragraphs` paragraphs each."""
    blocks = tuple(Paragraph((Span(" ".join(SENTENCES)),)) for _ in range(paragraphs))
    library.save([Story(f"g{at}", f"খবর {at}", published=NOW, blocks=blocks, full=True) for at in range(count)], now=NOW)


def running(name: str) -> str:
    """Return the ids of the processes whose command line contains `name`, one a line."""
    return subprocess.run(["pgrep", "-f", name], capture_output=True, text=True, check=False).stdout


async def test_reading_aloud_goes_on_to_the_next_unread_story(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library)
    spoken = tmp_path / "said"
    async with reader(NOWHERE, settings=Settings(listen=writer(spoken), refresh_minutes=0), offline=True) as bpost:
        await bpost.press("enter", "v")
        assert await bpost.until(lambda: not bpost.is_reading_aloud)
        lines = spoken.read_text(encoding="utf-8").splitlines()
        titles = [verbalise(row.title) for row in bpost.posts.stories]
        assert lines[0] == titles[0] and titles[1] in lines
        assert [line for line in lines if line == verbalise(SENTENCES[1])] == [verbalise(SENTENCES[1])] * 2
        assert all(row.read for row in bpost.posts.stories)
        assert not bpost.spoken_sentence


async def test_story_opened_at_a_passage_is_read_aloud(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library, 1)
    spoken = tmp_path / "said"
    async with reader(NOWHERE, settings=Settings(listen=writer(spoken), refresh_minutes=0), offline=True) as bpost:
        await keep(bpost)
        await to_passages(bpost)
        await bpost.press("enter", "v")
        assert bpost.saved is not None and bpost.saved.opened_at
        assert await bpost.until(lambda: not bpost.is_reading_aloud)
        assert spoken.read_text(encoding="utf-8").splitlines()[-1] == verbalise(SENTENCES[-1])
        assert not bpost.spoken_sentence


async def test_spoken_mark_follows_a_slow_voice(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library, 1)
    seen: list[tuple[float, str]] = []
    async with reader(NOWHERE, settings=Settings(listen=piper_like(tmp_path), refresh_minutes=0), offline=True) as bpost:
        await bpost.press("enter")
        await bpost.pilot.press("v")

        def look() -> bool:
            if bpost.spoken_sentence and (not seen or seen[-1][1] != bpost.spoken_sentence):
                seen.append((monotonic(), bpost.spoken_sentence))
            return not bpost.is_reading_aloud

        assert await bpost.until(look)
    assert [sentence for _, sentence in seen][-3:] == list(SENTENCES)
    for (began, sentence), (ended, _) in pairwise(seen[1:]):
        assert ended - began == pytest.approx(stub_voice.seconds(verbalise(sentence)), abs=0.6 * load_factor())
    total_s = sum(stub_voice.seconds(verbalise(sentence)) for _, sentence in seen)
    played = tmp_path / "played"
    assert (played.stat().st_size - 44) / 2 / stub_voice.RATE_HZ == pytest.approx(total_s, abs=0.05)


async def test_page_follows_the_sentence(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library, 1, paragraphs=30)
    settings = Settings(listen=writer(tmp_path / "said"), refresh_minutes=0)
    async with reader(NOWHERE, settings=settings, offline=True, size=(60, 20)) as bpost:
        await bpost.press("enter")
        assert bpost.story.scroll_offset.y == 0
        await bpost.pilot.press("v")
        assert await bpost.until(lambda: bpost.story.scroll_offset.y > 20)
        await bpost.pilot.press("v")
        assert await bpost.until(lambda: not bpost.is_reading_aloud)


async def test_keys_step_by_sentence_and_pause_repeats_it(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library, 1)
    spoken = tmp_path / "said"
    command = (
        sys.executable,
        "-c",
        f"import sys, time; open({str(spoken)!r}, 'a').write(sys.stdin.read() + '\\n'); time.sleep(60)",
    )

    def lines() -> list[str]:
        return spoken.read_text(encoding="utf-8").splitlines() if spoken.exists() else []

    async with reader(NOWHERE, settings=Settings(listen=command, refresh_minutes=0), offline=True, language="en") as bpost:
        await bpost.press("enter")
        await bpost.pilot.press("v")
        assert await bpost.until(lambda: lines() == [verbalise("খবর 0")])
        while (marked := bpost.spoken_sentence) != SENTENCES[1]:
            await bpost.pilot.press("right_parenthesis")
            assert await bpost.until(lambda: bpost.spoken_sentence != marked)
        assert await bpost.until(lambda: lines()[-1] == verbalise(SENTENCES[1]))
        await bpost.pilot.press("left_parenthesis")
        assert await bpost.until(lambda: lines()[-1] == verbalise(SENTENCES[0]))
        assert bpost.spoken_sentence == SENTENCES[0]
        before = len(lines())
        await bpost.press("space")
        assert bpost.footer_place == "paused" and "Space Resume" in bpost.screen_text()
        assert bpost.story.scroll_offset.y == 0
        await bpost.pilot.press("space")
        assert await bpost.until(lambda: len(lines()) == before + 1)
        assert lines()[-2:] == [verbalise(SENTENCES[0])] * 2
        assert "Space Pause" in bpost.screen_text()
        await bpost.pilot.press("v")
        assert await bpost.until(lambda: not bpost.is_reading_aloud)
        await bpost.press("right_parenthesis")
        assert "Nothing is being read aloud" in bpost.message


async def test_speed_is_remembered_and_passed_to_the_voice(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library, 1)
    spoken = tmp_path / "said"
    settings = Settings(listen=f"echo $BPOST_SPEED >> {spoken}; cat > /dev/null", refresh_minutes=0)
    async with reader(NOWHERE, settings=settings, offline=True, language="en") as bpost:
        await bpost.press("enter")
        await bpost.pilot.press("v", "V", "full_stop", "full_stop")
        assert await bpost.until(lambda: "1.25×" in bpost.message)
        assert bpost.choices.listen_speed == 1.25
        spoken.write_text("")
        await bpost.press("V")
        assert await bpost.until(lambda: not bpost.is_reading_aloud)
        assert set(spoken.read_text().split()) == {"1.25"}


async def test_speed_is_only_changed_while_a_story_is_read_aloud(reader: ReaderFactory, library: Library) -> None:
    save(library, 1)
    settings = Settings(listen="echo $BPOST_SPEED; cat > /dev/null", refresh_minutes=0)
    async with reader(NOWHERE, settings=settings, offline=True, language="en") as bpost:
        await bpost.press("full_stop")
        assert bpost.choices.listen_speed == 1
        assert "Nothing is being read aloud; v begins" in bpost.message


async def test_voice_with_a_fixed_speed_is_reported(reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path) -> None:
    settings = Settings(listen=writer(tmp_path / "said"))
    async with reader(sample_portal.address, settings=settings, language="en") as bpost:
        assert await bpost.until(lambda: bool(bpost.posts.stories))
        await bpost.press("enter")
        await bpost.pilot.press("v", "V", "full_stop")
        assert await bpost.until(lambda: "can't be changed" in bpost.message)


@pytest.mark.parametrize(("fault", "message"), [("die", "no such phoneme"), ("text", "wrote text"), ("endless", "never finishes")])
async def test_failing_voice_is_reported_in_one_line(
    reader: ReaderFactory, library: Library, tmp_path: Path, fault: str, message: str
) -> None:
    save(library, 2)
    voice = piper_like(tmp_path, "--load", "0", "--fault", fault)
    async with reader(NOWHERE, settings=Settings(listen=voice, refresh_minutes=0), offline=True, language="en") as bpost:
        await bpost.press("enter")
        await bpost.pilot.press("v")
        assert await bpost.until(lambda: not bpost.is_reading_aloud)
        await bpost.settle()
        assert message in bpost.message
        await bpost.press("q", "j")
        assert bpost.posts.cursor == 1
    assert not running(str(tmp_path))


async def test_error_of_the_voice_is_shown_by_a_busy_screen(
    reader: ReaderFactory, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(library)
    settings = Settings(listen=("no-such-voice",), refresh_minutes=0)
    async with reader(NOWHERE, settings=settings, offline=True, language="en") as bpost:
        await bpost.press("enter")
        with HeldCalls(monkeypatch, ExternalProgram, "run") as held:
            await bpost.pilot.press("v")
            assert await bpost.until(lambda: held.calls == 1)
            voice = next(worker for worker in bpost.app.workers if worker.group == "aloud")

            async def wait_for_voice() -> None:
                with suppress(WorkerCancelled, WorkerFailed):
                    await voice.wait()

            bpost.main.call_later(wait_for_voice)  # the screen handles the error only after this
        await bpost.settle()
        assert bpost.message.startswith("no-such-voice: this program isn't installed")


async def test_opening_another_story_ends_the_voice(reader: ReaderFactory, library: Library) -> None:
    save(library, 2)
    settings = Settings(listen=(sys.executable, "-c", "import time; time.sleep(60)"), refresh_minutes=0)
    async with reader(NOWHERE, settings=settings, offline=True) as bpost:
        await bpost.press("enter")
        await bpost.pilot.press("v")
        assert await bpost.until(lambda: bpost.has_voice)
        await bpost.press("J")
        assert not bpost.is_reading_aloud and not bpost.spoken_sentence
        assert bpost.saved is not None and bpost.saved.headline.id == bpost.posts.stories[1].id


async def test_leaving_ends_voice_and_player_within_a_second(reader: ReaderFactory, library: Library, tmp_path: Path) -> None:
    save(library, 1, paragraphs=9)
    async with reader(NOWHERE, settings=Settings(listen=piper_like(tmp_path), refresh_minutes=0), offline=True) as bpost:
        await begin(bpost, tmp_path)
        assert len(running(str(tmp_path)).split()) == 2
        began = monotonic()
    assert monotonic() - began < 3 * load_factor()  # this includes the end of the app
    assert not running(str(tmp_path))


async def begin(bpost: Reader, folder: Path) -> None:
    """Start reading the story aloud, and wait until the voice starts."""
    await bpost.press("enter")
    await bpost.pilot.press("v")
    assert await bpost.until(lambda: (folder / "played").exists())
