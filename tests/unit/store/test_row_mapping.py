from __future__ import annotations

from bpost_tui.clock import from_us, to_us


def test_times_survive_a_round_trip_to_the_microsecond() -> None:
    for time_us in (-1, 0, 1, 1_795_500_000_123_456):
        assert to_us(from_us(time_us)) == time_us
