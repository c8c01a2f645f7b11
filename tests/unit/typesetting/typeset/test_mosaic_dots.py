"""Tests of the filter that computes mosaic dots from finer samples."""

from __future__ import annotations

import random

from bpost_tui.typesetting.typeset.mosaic_dots import MARGIN, SAMPLES, em_across, filter_samples

TAPS = (-1, -5, 5, 33, 33, 5, -5, -1)
WIDTH, HEIGHT = 9, 5
STRIDE, LINES = SAMPLES * WIDTH + 2 * MARGIN, SAMPLES * HEIGHT + 2 * MARGIN


def test_filter_samples_weighs_the_samples_around_each_dot() -> None:
    choose = random.Random(1)
    samples = bytes(choose.choice((0, 0, 255, choose.randrange(256))) for _ in range(STRIDE * LINES))
    dots = filter_samples(samples, WIDTH, HEIGHT)
    assert len(dots) == WIDTH * HEIGHT
    for at, dot in enumerate(dots):
        top, left = (SAMPLES * place - 3 + MARGIN for place in divmod(at, WIDTH))
        wanted = sum(
            down * across * samples[(top + y) * STRIDE + left + x] for y, down in enumerate(TAPS) for x, across in enumerate(TAPS)
        )
        assert abs(dot - max(0, min(255, wanted / 64**2))) <= 3


def test_filter_samples_keeps_whole_dots() -> None:
    line = bytes(MARGIN) + b"\xff" * SAMPLES * 4 + bytes(SAMPLES * 5 + MARGIN)
    dots = filter_samples(line * LINES, WIDTH, HEIGHT)
    for at in range(0, len(dots), WIDTH):
        assert min(dots[at : at + 4]) >= 252
        assert max(dots[at + 4 : at + WIDTH]) <= 3


def test_letters_are_narrower_when_dots_are_tall() -> None:
    assert em_across(11, 1.0) == 11
    assert em_across(9.5, 4 / 3) == 11
    assert em_across(8.5, 2.0) == 0.8 * 2 * 8.5
    assert em_across(22, 1.0) == 22
