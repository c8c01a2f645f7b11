"""Headlines of live pages, newsletters and reviews of the press."""

from __future__ import annotations

import pytest

from bpost_tui.grouping.collection_pages import is_collection_page, is_explainer


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


@pytest.mark.parametrize(
    "title",
    [
        "Who is the river engineer, set to be the dam's new chief",
        "From clerk to minister: who is the new head of the ports",
        "What is the coastal pact?",
        "What to expect on Monday as the ferry strike begins",
        "Why the council has closed the old bridge",
        "Old bridge closed: why it took ten years",
        "The bridge closure, explained in 10 points",
        "Final on Sunday: 5 players to watch",
    ],
)
def test_explainer_of_an_event_is_recognised(title: str) -> None:
    assert is_explainer(title)


@pytest.mark.parametrize(
    "title",
    [
        "Council closes the old bridge",
        "How police found the stolen bell",
        "Runner passes 8,000 points",
        "Minister who is under inquiry resigns",
        "'That is why I left': captain on her transfer",
        "ঘরে পড়ে ছিল দেহ, কীভাবে হলো মৃত্যু",
    ],
)
def test_report_is_no_explainer(title: str) -> None:
    assert not is_explainer(title)
