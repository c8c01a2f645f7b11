"""Voice programs: whole sentences in order and in step, stopped at once; an error of a program is one line."""

from __future__ import annotations

import sys
import wave
from itertools import pairwise
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from bpost_tui.bengali.verbalise import verbalise
from bpost_tui.config.value_types import VoiceCommand, VoiceProgram
from bpost_tui.core.speech.narrator import Narrator, next_speed
from bpost_tui.core.speech.pipe_process import PipeProcess
from bpost_tui.errors import ProgramError, UsageError
from tests import stub_player, stub_voice
from tests.machine_load import load_factor

pytestmark = pytest.mark.waits

ONE, TWO, THREE = "মেদিনীপুরে আজ বৃষ্টি হল", "বহু রাস্তা জলের তলায়", "স্কুল বন্ধ"


def piper_like(played: Path | str = "", *arguments: str) -> VoiceProgram:
    player = (
        (sys.executable, stub_player.__file__, str(played)) if played else (sys.executable, "-c", "import sys; sys.stdin.read()")
    )
    return VoiceProgram((sys.executable, stub_voice.__file__, *arguments), stays=True, sound_hz=stub_voice.RATE_HZ, player=player)


def speak(listen: VoiceCommand, *sentences: str, speed: float = 1.0) -> list[float]:
    """Speak `sentences`; return the time of each one's end, in seconds since the first began."""
    narrator, over = Narrator(listen, speed), []
    began = monotonic()
    try:
        for sentence, following in zip(sentences, (*sentences[1:], ""), strict=True):
            assert narrator.prepare_sentence(sentence, following)()
            over.append(monotonic() - began)
        narrator.finish()
    finally:
        narrator.close()
    return over


def played_s(path: Path) -> float:
    """Return the length of the sound that was played, in seconds: the file without the 44 bytes of its WAV header."""
    return (path.stat().st_size - 44) / 2 / stub_voice.RATE_HZ


def test_resident_voice_loads_once_and_keeps_step(tmp_path: Path) -> None:
    played, log = tmp_path / "played", tmp_path / "log"
    over = speak(piper_like(played, "--log", str(log)), ONE, TWO, THREE)
    lengths = [stub_voice.seconds(sentence) for sentence in map(verbalise, (ONE, TWO, THREE))]
    assert played_s(played) == pytest.approx(sum(lengths), abs=0.01)
    assert [later - earlier for earlier, later in pairwise(over)] == pytest.approx(lengths[1:], abs=0.5 * load_factor())
    assert over[0] >= 2 + lengths[0] - 0.01  # loading takes 2 s
    begun = [float(line.split()[0]) for line in log.read_text(encoding="utf-8").splitlines()]
    assert begun[1] - begun[0] < lengths[0]  # prepared while the sentence before it was played


def test_speed_is_passed_to_the_voice_program(tmp_path: Path) -> None:
    (tmp_path / "piper").write_text(f'#!/bin/sh\nexec {sys.executable} {stub_voice.__file__} --load 0 "$@"\n')
    (tmp_path / "piper").chmod(0o755)
    played = tmp_path / "played"
    voice = piper_like(played)._replace(program=(str(tmp_path / "piper"), "-m", "bn_BD-google-medium"), stays=False, sound_hz=0)
    speak(voice, ONE, speed=2.0)
    assert played_s(played) == pytest.approx(stub_voice.seconds(ONE) / 2, abs=0.01)


def test_changed_speed_applies_to_the_next_sentence(tmp_path: Path) -> None:
    output = tmp_path / "output"
    narrator = Narrator(f"printf '%s ' $BPOST_SPEED >> {output}; cat >> {output}")
    narrator.prepare_sentence(THREE)()
    narrator.set_speed(1.5)
    narrator.prepare_sentence(THREE)()
    narrator.close()
    assert output.read_text(encoding="utf-8") == f"1 {THREE}1.5 {THREE}"


def test_speeds_have_limits() -> None:
    assert next_speed(1.0, 1) == 1.1
    assert next_speed(1.02, -1) == 0.9
    assert next_speed(3.0, 1) == 3.0
    assert next_speed(0.5, -2) == 0.5


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("die", "ValueError: no such phoneme"),
        ("text", "it wrote text where sound was expected: Loading the phonemes"),
        ("endless", "it never finishes"),
    ],
)
def test_failing_voice_raises_a_one_line_error(fault: str, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        speak(piper_like("", "--load", "0", "--fault", fault), "ক", "খ", "গ")


def test_hanging_voice_raises_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpost_tui.core.speech.resident_program._NEXT_S", 1.0)
    with pytest.raises(ProgramError, match="no response"):
        speak(piper_like("", "--load", "0", "--fault", "hang"), "ক", "খ", "গ")


def test_failing_player_raises_a_one_line_error() -> None:
    player = ("sh", "-c", "echo 'no such device'; exit 1")  # at once, also on a busy machine: the limit is 2 s
    with pytest.raises(ProgramError, match="no such device"):
        speak(piper_like("", "--load", "0")._replace(player=player), ONE, TWO)


@pytest.mark.parametrize("kind", ["stays", "loads", "each", "itself"])
def test_narrator_close_ends_all_programs_within_a_second(kind: str, tmp_path: Path) -> None:
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    voices: dict[str, VoiceCommand] = {
        "stays": piper_like(tmp_path / "played", "--load", "0"),
        "loads": piper_like(tmp_path / "played", "--load", "60"),
        "each": sleeper,
        "itself": VoiceProgram(sleeper, stays=True),
    }
    narrator, results = Narrator(voices[kind]), []
    thread = Thread(target=lambda: results.append(narrator.prepare_sentence(ONE * 20, TWO)()))
    thread.start()
    sleep(1.0)
    began = monotonic()
    narrator.close()
    thread.join(5)
    assert monotonic() - began < 1.0 * load_factor()
    assert results == [False]


def test_stopped_sentence_ends_and_the_next_one_plays(tmp_path: Path) -> None:
    played = tmp_path / "played"
    narrator = Narrator(piper_like(played, "--load", "0"))

    def stop_once_played() -> None:
        while not played.exists() or not played.stat().st_size:
            sleep(0.01)
        narrator.stop()

    Thread(target=stop_once_played).start()
    assert not narrator.prepare_sentence(ONE * 20, TWO)()
    heard_s = played_s(played)
    assert heard_s < 8
    assert narrator.prepare_sentence(THREE)()
    narrator.finish()
    assert (played.stat().st_size - 88) / 2 / stub_voice.RATE_HZ - heard_s == pytest.approx(stub_voice.seconds(THREE), abs=0.2)


def test_voice_with_its_own_player_is_awaited_by_its_answers(tmp_path: Path) -> None:
    line = "while read -r line; do sleep 0.5; echo done; done"
    over = speak(VoiceProgram(line, stays=True), "ক", "খ", "গ")
    assert over[2] >= 1.4  # an estimate alone would end the first sentence too early


def test_silent_voice_with_its_own_player_takes_an_estimated_time() -> None:
    over = speak(VoiceProgram("cat > /dev/null", stays=True), ONE, TWO)
    assert over[1] == pytest.approx(2 + (len(ONE) + len(TWO)) / 14, abs=0.5 * load_factor())


@pytest.mark.parametrize("stays", [False, True])
def test_wav_output_is_played_at_the_rate_of_its_header(tmp_path: Path, *, stays: bool) -> None:
    wav = tmp_path / "tone.wav"
    with wave.open(str(wav), "wb") as file:
        file.setparams((1, 2, stub_voice.RATE_HZ, 0, "NONE", ""))
        file.writeframes(stub_voice.tone(0.5))
    played = tmp_path / "played"
    program = f"while read -r line; do cat '{wav}'; done" if stays else f"cat '{wav}'"
    speak(piper_like(played)._replace(program=program, stays=stays, sound_hz=8000), ONE, TWO)
    assert played_s(played) == pytest.approx(1.0, abs=0.01)
    with wave.open(str(played)) as wav_file:
        assert wav_file.getframerate() == stub_voice.RATE_HZ


def test_missing_voice_program_raises_an_error() -> None:
    with pytest.raises(UsageError, match="No program to read aloud"):
        Narrator(()).prepare_sentence(ONE)()
    with pytest.raises(ProgramError, match="no-such-voice"):
        Narrator(("no-such-voice",)).prepare_sentence(ONE)()


def test_missing_sound_device_is_reported_with_an_alternative() -> None:
    stderr = "ALSA lib pcm.c:2721:(snd_pcm_open_noupdate) Unknown PCM default\nespeak-ng: No such file or directory"
    failing = PipeProcess(("sh", "-c", f"echo '{stderr}' >&2; exit 1"))
    error = failing.exit_error()
    failing.close()
    assert error.message == "sh: there is no sound device here that can be used"
    assert "bpost listen -o" in error.hint
    failing = PipeProcess(("sh", "-c", "echo 'no such voice' >&2; exit 1"))
    error = failing.exit_error()
    failing.close()
    assert (error.message, error.hint) == ("sh: no such voice", "")


def test_espeak_without_a_sound_device_fails_despite_status_0(tmp_path: Path) -> None:
    espeak = tmp_path / "espeak-ng"
    espeak.write_text(
        "#!/bin/sh\necho 'ALSA lib pcm.c:2722: Unknown PCM default' >&2\necho 'error: No such file or directory' >&2\n"
    )
    espeak.chmod(0o755)
    with pytest.raises(ProgramError, match="there is no sound device here") as caught:
        speak((str(espeak),), ONE)
    assert "bpost listen -o" in caught.value.hint


def test_missing_voice_has_a_hint_on_installing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProgramError) as raised:
        PipeProcess(("espeak-ng", "-v", "bn"))
    assert "espeak-ng" in raised.value.hint and "doctor" in raised.value.hint
