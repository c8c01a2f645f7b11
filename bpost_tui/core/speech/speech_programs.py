"""Facts about known speech programs: whether they keep running, options for speed and sound, and time limits.

espeak-ng as of 1.52 (`espeak-ng --help`), piper as of piper-tts 1.8.0 (`piper --help`). piper reads its stdin line by line. With
`--output-raw` it writes the sound of each line, 16 bit, mono, at its model's rate, with nothing in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bpost_tui.config.value_types import Command, VoiceCommand, VoiceProgram
from bpost_tui.errors import ContentError
from bpost_tui.untrusted import read_json

SPEED = "BPOST_SPEED"
"""Environment variable that passes the speed to any program, as a factor: 1 is the usual speed."""
PIPER_HZ = 22_050
"""Sample rate in Hz of most of piper's models."""
CHARACTERS_PER_S = 14.0
"""Number of characters that a voice reads per second at the usual speed, as espeak-ng reads Bengali."""
_LEAST_S, _SLOWEST = 30.0, 4.0
"""Parts of the time limit for a program started for one sentence.

The limit is `_LEAST_S` seconds plus `_SLOWEST` times the usual time for reading the sentence.
"""
_USUAL_WPM = 175
_MOST_BYTES = 1 << 20
"""Maximum size in bytes of a model's settings file. Usual files have about 10 kB."""


def with_known_program(listen: VoiceCommand) -> VoiceProgram:
    """Return `listen`, the configured voice, completed with known facts if its program is piper.

    The facts are the options and the sample rate that piper needs, and that piper keeps running between sentences.
    """
    voice = listen if isinstance(listen, VoiceProgram) else VoiceProgram(listen)
    words = _words(voice.program)
    if not is_piper(words):
        return voice
    rate_hz = voice.sound_hz or _rate_hz(words)
    raw = () if {"--output-raw", "--output_raw"} & set(words) else ("--output-raw",)
    return voice._replace(program=(*words, *raw), stays=True, sound_hz=rate_hz)


def sound_writer(voice: VoiceProgram) -> VoiceProgram | None:
    """Return the voice, changed so that its program writes sound to stdout; None if the program can only play sound."""
    words = _words(voice.program)
    if voice.sound_hz:
        return voice
    if is_espeak(words):
        return VoiceProgram((*words, "--stdout"), sound_hz=PIPER_HZ, player=voice.player)
    return None


def with_speed(command: Command, speed: float) -> Command:
    """Return `command` with an option that multiplies its speed by `speed`. A program without such an option stays as it is."""
    words = _words(command)
    if speed == 1:
        return command
    if is_espeak(words):
        return (*words, "-s", str(round(_number(words, ("-s",), _USUAL_WPM) * speed)))
    if is_piper(words):
        names = ("--length-scale", "--length_scale")
        return (*words, names[0], f"{_number(words, names, 1) / speed:.3f}")
    return command


def supports_speed(command: Command) -> bool:
    """Return whether the speed of a program can be changed."""
    if isinstance(command, str):
        return SPEED in command
    return is_espeak(command) or is_piper(command) or any(SPEED in word for word in command)


def is_espeak(words: Sequence[str]) -> bool:
    """Return whether a command runs espeak-ng."""
    return bool(words) and Path(words[0]).name in ("espeak-ng", "espeak")


def is_piper(words: Sequence[str]) -> bool:
    """Return whether a command runs piper, as a program or as a module of Python."""
    if not words:
        return False
    name = Path(words[0]).name
    return name == "piper" or (name.startswith("python") and tuple(words[1:3]) == ("-m", "piper"))


def piper_models(words: Sequence[str]) -> list[Path]:
    """Return the paths that piper searches for the model named in its arguments."""
    named = _values(words, ("-m", "--model"))[-1:]
    folders = map(Path, _values(words, ("--data-dir", "--data_dir")))
    return [path for name in named for path in (Path(name), Path(f"{name}.onnx"), *(folder / f"{name}.onnx" for folder in folders))]


def _rate_hz(words: Sequence[str]) -> int:
    """Return the sample rate in Hz of piper's model, from the JSON file beside the model.

    Returns `PIPER_HZ` if the file can't be read.
    """
    for path in piper_models(words):
        with suppress(OSError, ContentError), path.with_name(f"{path.name}.json").open("rb") as file:
            settings = read_json(file.read(_MOST_BYTES))
            audio = settings.get("audio") if isinstance(settings, dict) else None
            rate_hz = audio.get("sample_rate") if isinstance(audio, dict) else None
            if isinstance(rate_hz, int) and rate_hz > 0:
                return rate_hz
    return PIPER_HZ


def _words(command: Command) -> tuple[str, ...]:
    """Return the words of a command given as an argument list; empty for a shell line, which isn't parsed."""
    return () if isinstance(command, str) else command


def _number(words: Sequence[str], names: Sequence[str], usual: float) -> float:
    """Return the last number given for an option in the command `words`, or `usual` if none is given.

    `names` are the option's spellings.
    """
    with suppress(ValueError, IndexError):
        return float(_values(words, names)[-1])
    return usual


def _values(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return all values given for an option in the command `words`, in order. `names` are the option's spellings."""
    first = 3 if len(words) > 2 and tuple(words[1:3]) == ("-m", "piper") else 1
    apart = [value for name, value in zip(words[first:], words[first + 1 :], strict=False) if name in names]
    joined = [value for name, _, value in (word.partition("=") for word in words[first:]) if name in names and value]
    return apart or joined


def speed_variables(speed: float) -> Mapping[str, str]:
    """Return the environment variable, as name → value, that passes the `speed`, a multiple of the usual speed, to a program."""
    return {SPEED: f"{speed:g}"}


def timeout_s(sentence: str, speed: float) -> float:
    """Return the maximum time in seconds for a program that is started to read `sentence` aloud at a `speed` (1 is usual)."""
    return round(_LEAST_S + _SLOWEST * len(sentence) / CHARACTERS_PER_S / speed)
