"""A voice whose sound is made by one program and played by another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread

from bpost_tui.config.value_types import Command
from bpost_tui.core.speech.pipe_process import LOOKS_S
from bpost_tui.core.speech.players import Player
from bpost_tui.core.speech.stop_signal import StopSignal
from bpost_tui.core.speech.synthesizer import Synthesizer
from bpost_tui.errors import BPostError


class _SentenceSound:
    """The sound of a sentence while it is made, in a thread that waits for the one before: the program can do one at a time."""

    def __init__(self, make: Callable[[str], Iterator[bytes]], sentence: str, before: _SentenceSound | None) -> None:
        self.sentence = sentence
        self.pieces: SimpleQueue[bytes | None] = SimpleQueue()
        """Samples, and None at the end."""
        self.error: BPostError | None = None
        """What went wrong."""
        self.is_wanted = True
        """Whether it is to be made, where it isn't begun yet."""
        self._make = make
        self._thread = Thread(target=self._run, args=(before,), daemon=True)
        self._thread.start()

    def _run(self, before: _SentenceSound | None) -> None:
        if before is not None:
            before._thread.join()
        try:
            for piece in self._make(self.sentence) if self.is_wanted else ():
                self.pieces.put(piece)
        except BPostError as error:
            self.error = error
        self.pieces.put(None)


class PlayerVoice:
    """A program that writes sound, and a player."""

    def __init__(self, sounds: Synthesizer, player: Command) -> None:
        self._sounds = sounds
        self._command = player
        self._player: Player | None = None
        self._last: _SentenceSound | None = None
        """What is made last."""
        self._ahead: _SentenceSound | None = None
        """What is made before it is to be said."""
        self._is_closed = False

    def start(self) -> None:
        """Load the model."""
        self._sounds.start()

    def speak(self, sentence: str, following: str, stop: StopSignal) -> bool:
        """Say a sentence while the one that follows is made."""
        if stop.is_set or self._is_closed:
            return False
        making = self._prepared_sound(sentence)
        if following:
            self._ahead = self._make(following)
        is_said = self._play_all(making, stop)
        making.is_wanted = False
        return is_said

    def _play_all(self, making: _SentenceSound, stop: StopSignal) -> bool:
        player: Player | None = None
        while not (stop.is_set or self._is_closed):
            try:
                piece = making.pieces.get(timeout=LOOKS_S)
            except Empty:
                continue
            if making.error is not None:  # what came before it isn't worth hearing
                raise making.error
            if piece is None:
                break
            if player is None:
                player = self._player_for(stop)
            player.play(piece)
        if player is not None:
            player.wait()
        return not (stop.is_set or self._is_closed)

    def finish(self) -> None:
        """Wait until the player has played all, and end both."""
        try:
            if self._player is not None and not self._player.is_closed:
                self._player.finish()
        finally:
            self.close()

    def close(self) -> None:
        """End both."""
        self._is_closed = True
        if self._player is not None:
            self._player.close()
        self._sounds.close()

    def _prepared_sound(self, sentence: str) -> _SentenceSound:
        """Return the sound of a sentence, which may have been begun before."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.sentence == sentence:
            return ahead
        if ahead is not None:
            ahead.is_wanted = False
        return self._make(sentence)

    def _make(self, sentence: str) -> _SentenceSound:
        self._last = _SentenceSound(self._sounds.synthesize, sentence, self._last)
        return self._last

    def _player_for(self, stop: StopSignal) -> Player:
        """Return the player, which ends where the sentence does; the program goes on, since its model is loaded."""
        if self._player is None or self._player.is_closed or self._player.rate_hz != self._sounds.rate_hz:
            if self._player is not None:
                self._player.close_soon()
            self._player = Player(self._command, self._sounds.rate_hz)
        stop.on_stop(self._player.close_soon)
        if self._is_closed:  # meanwhile
            self._player.close()
        return self._player
