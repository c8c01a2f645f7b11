"""Notice at the end of a story whose text isn't whole. The screen and the command line share it."""

from __future__ import annotations

from bpost_tui.i18n import Language
from bpost_tui.model import text_end
from bpost_tui.model.story import SavedStory
from bpost_tui.model.truncation import is_truncated


def end_notice(saved: SavedStory, language: Language, rest: str = "") -> str:
    """Return the notice at a story's end about missing text, and the reason why it is missing; "" if no text seems to be missing.

    The reason is the reason saved with the story, or else `rest`, a reason found in this session, such as a failed request. Without
    a reason, the notice says that the rest is fetched when the story is read online.

    Exception: a story with its whole text has a notice if a reason is saved with it, such as that the paper calls it a story for
    subscribers. That notice says that the whole text is saved.
    """
    why = _text_end_reason(saved.text_end, language)
    if saved.headline.full:
        return language.text("The whole text is saved; {why}.", why=why) if why else ""
    if not why and not is_truncated(saved):
        return ""
    if why and text_end.split_text_end(saved.text_end)[0] != text_end.GONE:
        return language.text("Only the beginning is saved: {why}; the rest is on its page.", why=why)
    if why or rest:
        return language.text("Only the beginning is saved: {why}", why=why or rest)
    return language.text("Only the beginning is saved; the rest is fetched when you read it online.")


def _text_end_reason(stated: str, language: Language) -> str:
    """Return a clause with the reason why only a story's beginning could be read; "" for no reason.

    `stated` is the reason as saved with the story, such as "subscribers" or "refused: Cloudflare".
    """
    reason, service = text_end.split_text_end(stated)
    match reason:
        case text_end.SUBSCRIBERS:
            return language.text("the paper states that it is for subscribers")
        case text_end.REFUSED if service:
            return language.text("{service} refuses to send it", service=service)
        case text_end.REFUSED:
            return language.text("the site refuses to send it")
        case text_end.GONE:
            return language.text("its page is gone")
        case _:
            return ""
