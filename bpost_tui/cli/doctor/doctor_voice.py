"""Diagnosis of speech output: the voices and audio players of this machine, and advice on better voices."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from bpost_tui.config.value_types import Command, VoiceCommand
from bpost_tui.core.external_programs import ExternalProgram, name_of
from bpost_tui.core.speech.pcm import silence
from bpost_tui.core.speech.players import PLAYERS, Player
from bpost_tui.core.speech.speech_programs import is_espeak, is_piper, piper_models, with_known_program
from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Language, message
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_MODELS = "bn_*.onnx"
_PLACES = ("piper", "piper-voices")
"""Names of the folders, below a `share` folder or the home folder, that usually hold models for piper, a speech program.

piper has no default folder for its models.
"""
_MAX_DEPTH = 5
"""Maximum depth of folders to search. In piper's own collection, a model is in a folder like bn/bn_BD/google/medium."""
_TIMEOUT_S = 5.0
_BENGALI = "bn"
_SILENT_HZ = 8000
_MAX_READ_BYTES = 1 << 16


class VoiceReport(NamedTuple):
    """Speech programs, voices and audio player of this machine, for reading aloud."""

    listen: str
    """Speech program in the config; empty if none."""
    is_usable: bool
    """Whether the speech program in the config is installed with everything that it needs."""
    espeak: bool
    """Whether the speech program espeak-ng is installed with its Bengali voice."""
    piper: str
    """Path of the speech program piper; empty if it isn't installed."""
    models: tuple[str, ...]
    """Paths of the Bengali models for piper."""
    player: str
    """Name of the audio player; empty if there is none."""
    is_piper: bool
    """Whether the speech program in the config is piper."""
    is_heard: bool = True
    """Whether the audio player finds a sound device. It is tried with silence of a tenth of a second."""


def find_voices(listen: VoiceCommand, home: Path) -> VoiceReport:
    """Return the voices and the audio player that this machine has. `listen` is the voice in the config, `home` the home folder."""
    voice = with_known_program(listen)
    words = () if isinstance(voice.program, str) else voice.program
    players = [name_of(voice.player)] if voice.player else [player[0] for player in PLAYERS]
    player = next((name for name in players if which(name)), "")
    espeak, piper = _speaks_bengali(), which("piper") or ""
    models = tuple(map(str, _models(home)))
    is_there = which(words[0]) is not None if words else bool(voice.program)
    if is_espeak(words):
        is_there = is_there and (espeak or _BENGALI not in words)
    if is_piper(words):
        is_there = is_there and any(map(os.path.isfile, piper_models(words)))  # Path.is_file raises if a name is too long
    return VoiceReport(
        name_of(voice.program),
        is_there and (bool(player) or not voice.sound_hz),
        espeak,
        "" if piper and _is_mouse_tool(Path(piper)) else piper,
        models,
        player,
        is_piper(words),
        not player or _has_sound(voice.player or next(each for each in PLAYERS if each[0] == player)),
    )


def _has_sound(player: Command) -> bool:
    try:
        playing = Player(player, _SILENT_HZ)
        playing.play(silence(_SILENT_HZ, 0.1))
        playing.finish()
    except ProgramError as error:
        return not error.hint  # only the error for a missing device has a hint
    return True


def summary_line(voices: VoiceReport, language: Language) -> str:
    """Return a line that names the configured voice and the other voices."""
    text = language.text
    named = voices.listen or text("none")
    if voices.listen and not voices.is_usable:
        named = text("{program}, which can't be used here", program=voices.listen)
    others = (
        ("espeak-ng (bn)" if voices.espeak else ""),
        f"piper ({', '.join(Path(model).stem for model in voices.models) or text('no Bengali model found')})"
        if voices.piper
        else "",
        _sound(voices, language),
    )
    return " · ".join(filter(None, (named, *others)))


def _sound(voices: VoiceReport, language: Language) -> str:
    if not voices.player:
        return language.text("nothing that plays sound")
    line = message("sound is played by {player}") if voices.is_heard else message("{player} finds no sound device here")
    return language.text(line, player=voices.player)


def advice(voices: VoiceReport, language: Language) -> Iterator[str]:
    """Yield advice on how to install a voice, or a better voice."""
    if not (voices.espeak or voices.piper):
        yield language.text("For reading aloud, install espeak-ng; in Debian, that is the package espeak-ng.")
    if not voices.is_piper:
        if voices.models and voices.piper:
            yield language.text(
                'A better voice is here: set `listen = ["{piper}", "-m", "{model}"]` in the config.',
                piper=voices.piper,
                model=voices.models[0],
            )
        elif voices.piper:
            yield language.text(
                "A better voice: fetch piper's Bengali model with `python3 -m piper.download_voices bn_BD-google-medium`, "
                "and name it in `listen`."
            )
        else:
            yield language.text(
                "A better voice than espeak-ng's: piper (`pipx install piper-tts`) with its model bn_BD-google-medium; "
                "docs/config.md says how."
            )
    if not voices.is_heard:
        yield language.text("`bpost listen -o FILE` writes the sound to a file; on a server, that is the way.")
    if (voices.piper or voices.models) and not voices.player:
        yield language.text("Install alsa-utils (aplay), pulseaudio-utils (paplay), sox (play) or ffmpeg (ffplay).")


def _speaks_bengali() -> bool:
    """Whether espeak-ng is installed and lists Bengali."""
    if not which("espeak-ng"):
        return False
    try:
        listed = ExternalProgram(("espeak-ng", f"--voices={_BENGALI}")).run("", timeout_s=_TIMEOUT_S)
    except ProgramError:
        return False
    return any(_BENGALI in row.split()[1:2] for row in listed.splitlines())


def _is_mouse_tool(path: Path) -> bool:
    """Whether the program at `path`, called piper, comes from libratbag: it configures mice, and can't speak."""
    try:
        return b"ratbag" in path.read_bytes()[:_MAX_READ_BYTES].lower()
    except OSError:
        return False


def _models(home: Path) -> Iterator[Path]:
    """Yield the paths of Bengali models in the usual folders of piper's models; `home` is the home folder."""
    shares = (home / ".local" / "share", Path("/usr/local/share"), Path("/usr/share"))
    for folder in (*(share / place for share in shares for place in _PLACES), *(home / place for place in _PLACES)):
        for found, inner, _ in os.walk(folder):
            if len(Path(found).relative_to(folder).parts) >= _MAX_DEPTH:
                inner.clear()
            yield from sorted(Path(found).glob(_MODELS))
