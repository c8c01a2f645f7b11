"""Measure the share of feeds that arrives: `python -m tests.feeds DIRECTORY [WORD-IN-NAME …]`."""

from __future__ import annotations

import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from bpost_tui.errors import BPostError
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.feed.json_feed_parser import is_json, parse_json_feed
from tests.feeds import expected_contents, parsed_contents

_NOW = datetime(2026, 11, 28, tzinfo=UTC)


def measure(path: Path) -> dict[str, tuple[int, int, int, object]]:
    """Return kind → number sent, number of these that arrived, number that came without being sent, lost entries."""
    body = path.read_bytes()
    url = "https://feed.example/feed"
    expected = expected_contents.count(body, url)
    feed = parse_json_feed(body, url, _NOW) if is_json(body, "") else parse_feed(body, "", url, now=_NOW)
    came = parsed_contents.count(feed.stories)
    out: dict[str, tuple[int, int, int, object]] = {"items": (expected.items, min(expected.items, came.items), 0, "")}
    for each in fields(expected):
        if each.name != "items":
            ours, theirs = getattr(came, each.name), getattr(expected, each.name)
            lost = theirs - ours
            out[each.name] = (theirs.total(), (theirs & ours).total(), (ours - theirs).total(), lost)
    return out


def main() -> None:
    directory, *names = sys.argv[1:]
    verbose = "-v" in names
    names = [name for name in names if name != "-v"]
    totals: dict[str, list[int]] = {}
    whole = read = 0
    for path in sorted(Path(directory).iterdir()):
        if names and not any(name in path.name for name in names):
            continue
        try:
            measured = measure(path)
        except (ValueError, TypeError, KeyError) as error:
            print(f"{path.name[:70]:70} not well-formed: {error}")
            continue
        except BPostError as error:
            print(f"{path.name[:70]:70} REFUSED: {error}")
            continue
        read += 1
        bad = {}
        for name, (expected, came, more, _) in measured.items():
            total = totals.setdefault(name, [0, 0, 0])
            total[0] += expected
            total[1] += came
            total[2] += more
            if expected and came < 0.98 * expected:
                bad[name] = f"{came}/{expected}"
        more = measured["words"][2] - (measured["alts"][0] if measured["alts"][0] else 0)
        if more > 0.02 * max(measured["words"][0], 50):
            bad["added"] = str(more)
        whole += not bad
        if bad:
            print(f"{path.name[:70]:70}", " ".join(f"{name} {share}" for name, share in bad.items()))
            if verbose:
                for name in bad:
                    print("      ", name, measured.get(name, ("", "", "", ""))[3])
    shares = (f"{name} {came / expected:.4f} +{more}" for name, (expected, came, more) in totals.items() if expected)
    print(f"{whole} of {read} whole;", ", ".join(shares))


if __name__ == "__main__":
    main()
