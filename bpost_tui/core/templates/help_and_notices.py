"""Templates of texts shown in place of an empty list, of notices, the tour (an introduction to the keys), and the help page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bpost_tui.i18n import Language
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Para, Rule, Run, Size

_TOUR_INDENT_EM = 6.0
_MOST_LINES = 500


def notice(*lines: str) -> tuple[Item, ...]:
    """Return the text to show in place of an empty list or page: a sentence, then smaller lines that may name a key that helps."""
    first, *rest = lines
    return (
        Para((Run(first, "text"),), Size.LIST, align="center", before=1.0),
        *(Para((Run(line, "meta"),), Size.SMALL, align="center", before=0.6) for line in rest),
    )


def empty_list(
    language: Language,
    key: Callable[[str], str],
    *,
    is_search: bool,
    is_all_news: bool,
    hides_read: bool,
    error: str,
    offline: bool,
) -> tuple[Item, ...]:
    """Return the text to show in an empty list: the first reason that applies, and a key that helps.

    Args:
        language: Language of the interface.
        key: Returns the label of an action's key, by the action's id.
        is_search: Whether the list shows the hits of a search.
        is_all_news: Whether the list shows all news.
        hides_read: Whether the list leaves out read stories.
        error: Error message of the last refresh; empty if the refresh succeeded.
        offline: Whether requests to the network are forbidden.
    """
    text = language.text
    if hides_read:
        return notice(text("No more unread stories here"), text("{key}: show read stories", key=key("unread_only")))
    if is_search:
        return notice(text("Nothing found"), text("Try fewer words, or Roman letters"))
    if not is_all_news:
        again = text("{back}: categories · {refresh}: fetch new stories", back=key("back"), refresh=key("refresh"))
        return notice(text("Nothing here yet"), again)
    sample = text("{key}: read the sample edition, which needs no network", key=key("sample"))
    if error:
        again = f"{sample} · {text('{key}: try again', key=key('refresh'))}"
        return notice(text("Nothing is saved yet, and the portal can't be reached."), error, again)
    if offline:
        return notice(text("Nothing is saved yet."), text("Offline: nothing is fetched"), sample)
    return notice(text("Nothing is saved yet; fetching the news …"))


def list_end(sentence: str, key: str = "") -> tuple[Item, ...]:
    """Return the line to show below the last row of a list: the label of a key, if any, then a sentence."""
    keys = (Run(key, "headline"), Run("  ")) if key else ()
    return (Para((*keys, Run(sentence, "meta")), Size.SMALL, align="center", before=0.6),)


def tour(title: str, lines: Sequence[tuple[str, str]], back: str, *, brief: bool) -> tuple[Item, ...]:
    """Return the tour, an introduction to the keys: a title, the (key, description) pairs in `lines`, and the last line `back`.

    If `brief`, the title is left out, as on the help page.
    """
    end = Para((Run(back, "meta"),), Size.SMALL, before=0.4 if brief else 1.2)
    if brief:
        return (*(_keyed(keys, text, Size.BODY) for keys, text in lines), end)
    return (
        Para((Run(title, "headline", bold=True),), Size.HEADLINE),
        Rule(before=0.4),
        *(
            Para((Run(text),), indent=_TOUR_INDENT_EM, marker=(Run(keys, "headline", bold=True),), before=0.5)
            for keys, text in lines
        ),
        end,
    )


def program_output(program: str, written: str) -> tuple[Item, ...]:
    """Return a page with the name of a program and the first lines of `written`, its output."""
    lines = written.strip().splitlines()[:_MOST_LINES]
    return (
        Para((Run(program, "meta"),), Size.SMALL),
        Rule(before=0.4),
        *(Para((Run(line or " "),), before=0.6 if at == 0 else 0.0) for at, line in enumerate(lines)),
    )


def help_page(sections: Sequence[tuple[str, Sequence[tuple[str, str]]]], *, wide: bool) -> tuple[Item, ...]:
    """Return the help page of `sections`, each a title and pairs (labels of keys, description).

    If `wide`, keys and descriptions are in two columns; long descriptions then take several lines.
    """
    items: list[Item] = []
    every = [row for _, rows in sections for row in rows]
    columns = (_keys_run(max((keys for keys, _ in every), key=len)), _text_run(max((text for _, text in every), key=len)))
    for name, rows in sections:
        items.append(Para((Run(name, "meta", bold=True),), Size.BAR, before=0.9))  # a blank row also in cells beside a mosaic
        if wide:
            items += [Para((*_keys_run(keys), Run(CELL_END), *_text_run(text)), Size.BAR, columns=columns) for keys, text in rows]
        else:
            items += [_keyed(keys, text, Size.BAR) for keys, text in rows]
    return tuple(items)


def _keys_run(keys: str) -> tuple[Run]:
    return (Run(keys, "headline"),)


def _text_run(text: str) -> tuple[Run]:
    return (Run(text, "text"),)


def _keyed(keys: str, text: str, size: Size) -> Para:
    """Return a paragraph with keys and their description, on as many lines as needed."""
    return Para((Run(f"{keys}  ", "headline"), Run(text, "text")), size, before=0.2)
