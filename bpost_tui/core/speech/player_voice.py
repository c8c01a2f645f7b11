"""Voice of two programs: one synthesizes the sound, another plays it.

The obvious way is a loop: synthesize a sentence, play it, synthesize the next. Each sentence would then be followed by silence
while the next sentence is synthesized. Starting a player for each sentence, and waiting for its end, would add up to two seconds.
So the next sentence is synthesized in a thread while this sentence plays, and the same player plays all sentences. Each thread
waits for the thread before it, because a synthesizer can do one sentence at a time.

Only one sentence is prepared before it is needed, since the reader may skip sentences. A prepared sentence is dropped if another
sentence comes next. Stopping a sentence ends the player, which would otherwise play the rest of its buffer. It doesn't end the
synthesizer, because the synthesizer's model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread

from bpost_tui.config.value_types import Command
from bpost_tui.core.speech.pipe_process import POLL_S
from bpost_tui.core.speech.players import Player
from bpost_tui.core.speech.stop_signal import StopSignal
from bpost_tui.core.speech.synthesizer import Synthesizer
from bpost_tui.errors import BPostError


class _SentenceSound:
    """Sound of a sentence, synthesized in a thread. The thread waits first until the sentence `before` is synthesized."""

    def __init__(self, make: Callable[[str], Iterator[bytes]], sentence: str, before: _SentenceSound | None) -> None:
        self.sentence = sentence
        self.pieces: SimpleQueue[bytes | None] = SimpleQueue()
        """Samples in pieces, then None as the end mark."""
        self.error: BPostError | None = None
        """Error of the synthesizer; None if it hasn't failed."""
        self.is_wanted = True
        """Whether the sentence is still needed. If not, and its synthesis hasn't begun, it is skipped."""
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
    """Voice that consists of two programs: one synthesizes the sound, and a player plays it."""

    def __init__(self, sounds: Synthesizer, player: Command) -> None:
        self._sounds = sounds
        self._command = player
        self._player: Player | None = None
        self._last: _SentenceSound | None = None
        """Sound that was requested last. The next sound is synthesized after the thread of this sound has ended."""
        self._ahead: _SentenceSound | None = None
        """Sound of the sentence that is expected next; None if none was prepared."""
        self._is_closed = False

    def start(self) -> None:
        """Start the synthesizer, so that its model is loaded before the first sentence."""
        self._sounds.start()

    def speak(self, sentence: str, following: str, stop: StopSignal) -> bool:
        """Speak `sentence` until `stop` is sent, while the next sentence, `following`, is synthesized.

        Return whether the sentence was spoken to its end. Raises ProgramError if a program can't be started, fails, or writes no
        sound.
        """
        if stop.is_set or self._is_closed:
            return False
        making = self._prepared_sound(sentence)
        if following:
            self._ahead = self._make(following)
        is_spoken = self._play_all(making, stop)
        making.is_wanted = False
        return is_spoken

    def _play_all(self, making: _SentenceSound, stop: StopSignal) -> bool:
        player: Player | None = None
        while not (stop.is_set or self._is_closed):
            try:
                piece = making.pieces.get(timeout=POLL_S)
            except Empty:
                continue
            if making.error is not None:  # the pieces before the error aren't worth hearing
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
        """Wait until the player has played everything, then end both programs."""
        try:
            if self._player is not None and not self._player.is_closed:
                self._player.finish()
        finally:
            self.close()

    def close(self) -> None:
        """End the synthesizer and the player at once."""
        self._is_closed = True
        if self._player is not None:
            self._player.close()
        self._sounds.close()

    def _prepared_sound(self, sentence: str) -> _SentenceSound:
        """Return the sound of `sentence`: the prepared sound if it is for this sentence, else a new one."""
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
        """Return a running player. The signal `stop` will end the player, but not the synthesizer, because its model is loaded."""
        if self._player is None or self._player.is_closed or self._player.rate_hz != self._sounds.rate_hz:
            if self._player is not None:
                self._player.close_soon()
            self._player = Player(self._command, self._sounds.rate_hz)
        stop.on_stop(self._player.close_soon)
        if self._is_closed:  # closed by another thread meanwhile
            self._player.close()
        return self._player
