"""Headlines of live pages, newsletters and reviews of the press."""

from __future__ import annotations

import pytest

from bpost_tui.grouping.collection_pages import is_collection_page


@pytest.mark.parametrize(
    "title",
    [
        "Flood relief row deepens in capital – live",
        "Live: votes are counted in five states",
        "Cyclone nears the coast: live updates",
        "India v Australia, second Test, day three – as it happened",
        "First Thing: senators reject the bill",
        "Morning Mail: fires spread, markets fall",
        "Daily quiz: how well do you know the week?",
        "Ship sinks off the coast; speaker is asked for a ruling &amp; more",
        "পত্রিকা: ‘নির্বাচনের আগে নতুন জোট’",
        "বন্যা পরিস্থিতি | লাইভ",
        "লাইভ: ভোট গণনা চলছে",
        "Box office on day five [LIVE]: can the film cross 100 crore?",
        "Strait closed, oil dearer: war updates",
    ],
)
def test_page_that_collects_events_is_recognised(title: str) -> None:
    assert is_collection_page(title)


@pytest.mark.parametrize(
    "title",
    [
        "Two live in a flooded school for a week",
        "Residents who live near the plant are moved",
        "Concert recorded in 1971 is found",
        "The first thing the minister did",
        "Phone maker updates its maps",
        "পত্রিকা বিক্রেতার ছেলে প্রথম",
        "সরাসরি নিয়োগের দাবিতে অবস্থান",
    ],
)
def test_headline_of_an_event_is_no_collection(title: str) -> None:
    assert not is_collection_page(title)
