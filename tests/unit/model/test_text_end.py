"""Reasons why a story's text ends early, by HTTP status."""

from __future__ import annotations

import pytest

from bpost_tui.model.text_end import split_text_end, text_end_of


@pytest.mark.parametrize(
    ("status", "service", "end"),
    [
        (401, "", "subscribers"),
        (402, "", "subscribers"),
        (451, "Cloudflare", "subscribers"),
        (403, "", "refused"),
        (403, "Cloudflare", "refused: Cloudflare"),
        (404, "", "gone"),
        (410, "", "gone"),
        (200, "", ""),
        (429, "Cloudflare", ""),
        (500, "", ""),
    ],
)
def test_status_gives_the_reason(status: int, service: str, end: str) -> None:
    assert text_end_of(status, service) == end
    assert split_text_end(end)[1] == (service if end.startswith("refused") else "")
