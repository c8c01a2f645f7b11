"""Tests of the voices in `bpost doctor`, and of its advice for a better one."""

from __future__ import annotations

from pathlib import Path
from shutil import which

import pytest

from tests.cli.bpost_process import Bpost

pytestmark = pytest.mark.waits

VOICES = "Pty Language Age/Gender VoiceName File\n 5  bn  --/M  Bengali  inc/bn"


@pytest.fixture
def programs(bpost: Bpost) -> Path:
    """Folder that is the only one in PATH."""
    folder = bpost.home / "programs"
    folder.mkdir()
    return folder


def install(folder: Path, name: str, prints: str = "") -> None:
    (folder / name).write_text(f"#!/bin/sh\nprintf '%s\\n' '{prints}'\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def voice_advice(bpost: Bpost, programs: Path) -> tuple[str, list[str]]:
    """Return the line about reading aloud, and the advice."""
    lines = bpost.run("doctor", PATH=str(programs)).stdout.splitlines()
    advice = [line for line in lines if line.startswith("  · ") and ("voice" in line or "aloud" in line or "aplay" in line)]
    return next(line for line in lines if line.startswith("Reading aloud: ")), advice


def test_doctor_without_a_voice_names_packages_to_install(bpost: Bpost, programs: Path) -> None:
    line, advice = voice_advice(bpost, programs)
    assert line == "Reading aloud: espeak-ng, which can't be used here · nothing that plays sound"
    assert "install espeak-ng" in advice[0] and "piper" in advice[1]
    assert bpost.json("doctor")["voices"]["listen"] == "espeak-ng"


def test_doctor_names_espeak_piper_and_the_better_model(bpost: Bpost, programs: Path) -> None:
    install(programs, "espeak-ng", VOICES)
    install(programs, "piper")
    install(programs, "aplay")
    line, advice = voice_advice(bpost, programs)
    assert line == "Reading aloud: espeak-ng · espeak-ng (bn) · piper (no Bengali model found) · sound is played by aplay"
    assert "piper.download_voices bn_BD-google-medium" in advice[0]
    model = bpost.home / ".local" / "share" / "piper-voices" / "bn" / "bn_BD" / "google" / "medium" / "bn_BD-google-medium.onnx"
    model.parent.mkdir(parents=True)
    model.touch()
    line, advice = voice_advice(bpost, programs)
    assert "piper (bn_BD-google-medium)" in line
    setting = f'listen = ["{programs}/piper", "-m", "{model}"]'
    assert setting in advice[0]
    bpost.config.write_text(setting + "\n", encoding="utf-8")
    line, advice = voice_advice(bpost, programs)
    assert line.startswith(f"Reading aloud: {programs}/piper · ") and advice == []


def test_doctor_reports_a_missing_piper_model(bpost: Bpost, programs: Path) -> None:
    install(programs, "piper")
    bpost.config.write_text('listen = ["piper", "-m", "/nowhere/bn.onnx"]\n', encoding="utf-8")
    line, _ = voice_advice(bpost, programs)
    assert "piper, which can't be used here" in line


def test_doctor_tries_whether_the_player_finds_a_sound_device(bpost: Bpost, programs: Path) -> None:
    install(programs, "espeak-ng", VOICES)
    (programs / "aplay").write_text("#!/bin/sh\necho 'ALSA lib pcm.c:2721: Unknown PCM default' >&2\nexit 1\n", encoding="utf-8")
    (programs / "aplay").chmod(0o755)
    line, _ = voice_advice(bpost, programs)
    assert line.endswith("aplay finds no sound device here")
    assert "bpost listen -o FILE" in bpost.run("doctor", PATH=str(programs)).stdout
    assert bpost.run("doctor", "--json", PATH=str(programs)).stdout.count('"is_heard": false') == 1


def test_doctor_ignores_the_mouse_tool_named_piper(bpost: Bpost, programs: Path) -> None:
    install(programs, "piper", "ratbagd")
    assert "piper" not in voice_advice(bpost, programs)[0]


@pytest.mark.skipif(not which("espeak-ng"), reason="espeak-ng isn't installed")
def test_doctor_finds_espeaks_own_bengali(bpost: Bpost) -> None:
    voices = bpost.json("doctor")["voices"]
    assert voices["espeak"] is True and voices["is_usable"] is True
