from __future__ import annotations

from bpost_tui.store import row_mapping


def test_times_come_back_to_the_microsecond() -> None:
    for time_us in (-1, 0, 1, 1_795_500_000_123_456):
        assert row_mapping.to_us(row_mapping.from_us(time_us)) == time_us
