"""A short day of use; `make soak` runs a whole day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.reading_day import Pictures, soak

STORIES, WARM = 60, 30


@pytest.mark.pty
def test_hours_of_use_leak_neither_memory_nor_pictures(tmp_path: Path) -> None:
    found = soak(tmp_path, STORIES, warm=WARM)
    assert found.code == 0
    assert found.pictures.sent > STORIES and not found.pictures.held
    assert found.end.files <= found.warm.files + 2
    assert found.growth < 0.2  # with few stories; `make soak` allows a tenth after the first hundred
    assert found.end.memory_mb < 120


def test_pictures_are_counted_once_when_a_command_is_split() -> None:
    pictures = Pictures()
    stream = b"\x1b_Ga=T,U=1,i=7,f=100,c=1,r=1,q=2,m=0;AAAA\x1b\\x\x1b_Ga=T,U=1,i=8,f=100;A\x1b\\"
    for at in range(0, len(stream), 5):
        pictures.follow(stream[at : at + 5])
    assert (pictures.held, pictures.sent, pictures.most) == ({b"7", b"8"}, 2, 2)
    pictures.follow(b"\x1b_Ga=d,d=I,i=7,q=2\x1b\\\x1b_Ga=d,d=I,i=8,q=2\x1b\\")
    assert not pictures.held
