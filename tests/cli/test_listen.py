"""Tests of `bpost listen`: its messages and its sound, measured with sox."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest

from bpost_tui.bengali.sentences import sentences
from bpost_tui.bengali.verbalise import verbalise
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests import stub_player, stub_voice
from tests.cli.bpost_process import Bpost
from tests.cli.test_read import Session
from tests.conftest import NOW

pytestmark = pytest.mark.waits

needs_sox = pytest.mark.skipif(not (which("sox") and which("soxi")), reason="sox isn't installed")
needs_espeak = pytest.mark.skipif(not (which("espeak-ng") and which("sox")), reason="espeak-ng or sox isn't installed")


@pytest.fixture
def brief(bpost: Bpost) -> Bpost:
    """Bpost with two short stories: with a lasting voice process, each sentence costs a wait."""
    texts = ("নদীর জল আজ সকালে বিপদসীমার নীচে নেমেছে। শহরের তিনটি ওয়ার্ডে এখনও জল!", "বিকেলে বৃষ্টি হতে পারে। প্রশাসন তৈরি।")
    titles = ("Midnapore: কাঁসাইয়ের বাঁধে নজর, রাতভর পাহারা?", "Kharagpur: মেলায় ভিড়")
    stories = [
        Story(f"{at}", title, published=NOW - timedelta(hours=at), blocks=tuple(Paragraph((Span(text),)) for text in texts[at:]))
        for at, title in enumerate(titles)
    ]
    with Library(bpost.data / "library") as library:
        library.save(stories, now=NOW)
    return bpost


def piper_like(bpost: Bpost, *arguments: str) -> None:
    """Use a voice that behaves like piper, with a player that needs no sound card."""
    voice = [sys.executable, stub_voice.__file__, "--load", "0", "--log", str(bpost.home / "log"), *arguments]
    player = [sys.executable, stub_player.__file__, str(bpost.home / "played")]
    bpost.config.write_text(
        f"[listen]\nprogram = {json.dumps(voice)}\nstays = true\nsound_hz = {stub_voice.RATE_HZ}\nplayer = {json.dumps(player)}\n",
        encoding="utf-8",
    )


def length_s(path: Path) -> float:
    return float(subprocess.run(["soxi", "-D", str(path)], capture_output=True, text=True, check=True).stdout)


def loudness(path: Path) -> float:
    """Return the root mean square of a file's samples, as a share of full scale."""
    stats = subprocess.run(["sox", str(path), "-n", "stat"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"RMS +amplitude: +([0-9.]+)", stats)
    assert found, stats
    return float(found[1])


@needs_sox
def test_listen_folder_has_a_wav_of_right_length_per_story(brief: Bpost) -> None:
    piper_like(brief)
    rows = brief.json("list", "-n", "2")
    brief.run("listen", "-n", "2", "-o", str(brief.home / "walk"))
    files = sorted((brief.home / "walk").iterdir())
    assert [path.name[:2] for path in files] == ["1 ", "2 "]
    for path, row in zip(files, rows, strict=True):
        assert path.name.removesuffix(".wav")[2:] in re.sub("[:?]", "", row["title"])
        assert loudness(path) > 0.1
    log = (brief.home / "log").read_text(encoding="utf-8").splitlines()
    spoken = [line.partition(" ")[2] for line in log]
    assert spoken[0] == verbalise(rows[0]["title"][slice(*sentences(rows[0]["title"])[0])])
    spoken_s = sum(map(stub_voice.seconds, spoken))
    total_s = sum(map(length_s, files))
    assert spoken_s + 0.2 * len(spoken) < total_s < spoken_s + 1.0 * len(spoken) + 3


@needs_sox
def test_listen_file_has_all_stories_in_turn(brief: Bpost) -> None:
    piper_like(brief)
    path = brief.home / "news.wav"
    path.write_bytes(b"older")
    brief.run("listen", "-n", "2", "-o", str(path), "--speed", "1")
    brief.run("listen", "-n", "2", "-o", str(brief.home / "walk"), "--speed", "1")
    assert length_s(path) == pytest.approx(sum(map(length_s, (brief.home / "walk").iterdir())), abs=0.1)
    assert loudness(path) > 0.05
    assert sorted(left.name for left in brief.home.iterdir() if ".part" in left.name) == []


def test_listen_writes_to_a_pipe_what_it_writes_to_a_file(brief: Bpost) -> None:
    piper_like(brief)
    path, pipe = brief.home / "news.wav", brief.home / "pipe.wav"
    os.mkfifo(pipe)
    brief.run("listen", "-n", "1", "-o", str(path))
    with ThreadPoolExecutor(1) as reader:
        received = reader.submit(pipe.read_bytes)
        brief.run("listen", "-n", "1", "-o", str(pipe))
    assert pipe.is_fifo() and len(received.result()) > 44
    assert received.result()[44:] == path.read_bytes()[44:]


@needs_espeak
def test_espeak_sound_is_audible_and_shorter_when_faster(saved: Bpost) -> None:
    usual, fast = saved.home / "usual.wav", saved.home / "fast.wav"
    saved.run("listen", "-n", "1", "-o", str(usual))
    saved.run("listen", "-n", "1", "-o", str(fast), "--speed", "2")
    assert loudness(usual) > 0.01
    assert 0.4 < length_s(fast) / length_s(usual) < 0.75


def test_listen_without_a_file_prints_and_plays(brief: Bpost) -> None:
    piper_like(brief, "--length-scale", "0.02")
    (row,) = brief.json("list", "-n", "1")
    shown = brief.run("listen", "-n", "1").stdout
    assert shown.startswith(row["title"] + "\n")
    spoken = [line.partition(" ")[2] for line in (brief.home / "log").read_text(encoding="utf-8").splitlines()]
    assert spoken[0] == verbalise(row["title"][slice(*sentences(row["title"])[0])])
    assert spoken[-1] in verbalise(shown.splitlines()[-1])
    assert (brief.home / "played").stat().st_size > 44


def test_listen_selects_stories_by_query(brief: Bpost) -> None:
    brief.config.write_text('listen = "cat > /dev/null"\n', encoding="utf-8")
    found = {row["title"] for row in brief.json("list", "-q", "নদী")}
    shown = brief.run("listen", "-q", "নদী").stdout
    others = {row["title"] for row in brief.json("list")} - found
    assert found and all(f"{title}\n" in shown for title in found)
    assert others and not any(f"{title}\n" in shown for title in others)
    assert brief.run("listen", "-q", "xyzzyxyzzy", code=1).stderr == "bpost: Nothing found\n"


def test_listen_names_a_missing_program_to_install(saved: Bpost) -> None:
    saved.config.write_text("listen = []\n", encoding="utf-8")
    for arguments in ((), ("-o", str(saved.home / "x.wav"))):
        lines = saved.run("listen", "-n", "1", *arguments, code=2).stderr.splitlines()
        assert lines[0].startswith("bpost: No program to read aloud") and "espeak-ng" in lines[1]
    saved.config.write_text('listen = ["no-such-voice"]\n', encoding="utf-8")
    assert "this program isn't installed" in saved.run("listen", "-n", "1", code=2).stderr
    assert "plays sound itself" in saved.run("listen", "-n", "1", "-o", str(saved.home / "x.wav"), code=2).stderr
    piper_like(saved)
    lines = saved.run("listen", "-n", "1", "-o", str(saved.home / "x.ogg"), code=2).stderr.splitlines()
    assert "x.ogg: only WAV files are written" in lines[0] and "ffmpeg -i" in lines[1]
    assert not list(saved.home.glob("x.*")) + list(saved.home.glob(".x.*"))


def test_failing_voice_keeps_the_old_file(saved: Bpost) -> None:
    piper_like(saved, "--fault", "die")
    path = saved.home / "news.wav"
    path.write_bytes(b"older")
    stderr = saved.run("listen", "-n", "1", "-o", str(path), "--language", "bn", code=2).stderr
    assert "no such phoneme" in stderr and Language("bn").text("A program failed") in stderr
    assert path.read_bytes() == b"older"
    assert not list(saved.home.glob(".*.part*"))


@pytest.mark.pty
def test_listen_shows_its_progress_and_can_be_stopped(saved: Bpost) -> None:
    piper_like(saved)
    folder = saved.home / "walk"
    session = Session(saved, "listen", "-o", str(folder), "--language", "en")
    session.read_until(lambda output: re.search(rb"1 of [0-9]+ stories", output) is not None)
    os.write(session.terminal, b"\x03")
    assert session.ended() == 130
    (whole,) = folder.iterdir()
    with wave.open(str(whole)) as file:
        assert file.getnframes() / file.getframerate() > 10
    assert subprocess.run(["pgrep", "-f", str(saved.home / "log")], capture_output=True, check=False).stdout == b""
