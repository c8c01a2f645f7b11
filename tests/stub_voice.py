"""A program that behaves as piper does with `--output-raw`: it takes two seconds to load, then reads lines and writes their sound.

Sound is a tone, 16 bit, mono, 22,050 Hz, a second for 14 characters, written in two pieces. Its arguments: `--length-scale N` as
piper's; `--load S`; `--log FILE` gets each line as it comes, with the time; `--fault die|hang|text|endless` after the second line.
"""

from __future__ import annotations

import argparse
import math
import struct
import sys
import time
from pathlib import Path

RATE_HZ = 22_050
CHARACTERS_PER_S = 14


def seconds(line: str, scale: float = 1.0) -> float:
    """Return the duration of a line's sound in seconds."""
    return round(len(line) / CHARACTERS_PER_S * scale, 3)


def tone(length_s: float) -> bytes:
    """Return a tone of `length_s` seconds."""
    wave = struct.pack("<63h", *(round(9000 * math.sin(2 * math.pi * at / 63)) for at in range(63)))
    count = round(length_s * RATE_HZ)
    return (wave * (count // 63 + 1))[: 2 * count]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output-raw", action="store_true")
    parser.add_argument("--length-scale", type=float, default=1.0)
    parser.add_argument("--load", type=float, default=2.0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--fault", default="")
    options, _ = parser.parse_known_args()
    time.sleep(options.load)
    for count, line in enumerate(sys.stdin, 1):
        spoken = line.rstrip("\n")
        if options.log:
            with options.log.open("a", encoding="utf-8") as log:
                log.write(f"{time.monotonic():.3f} {spoken}\n")
        sound = tone(seconds(spoken, options.length_scale))
        if options.fault and count > 2:
            fail(options.fault)
        for piece in (sound[: len(sound) // 4 * 2], sound[len(sound) // 4 * 2 :]):
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        print(f"INFO: spoke {len(spoken)} characters", file=sys.stderr)


def fail(fault: str) -> None:
    if fault == "die":
        print("ValueError: no such phoneme", file=sys.stderr)
        sys.exit(3)
    if fault == "text":
        print("Loading the phonemes of the language that was asked for, please wait.", flush=True)
    while fault == "hang":
        time.sleep(60)
    while fault == "endless":
        sys.stdout.buffer.write(tone(10))


if __name__ == "__main__":
    main()
