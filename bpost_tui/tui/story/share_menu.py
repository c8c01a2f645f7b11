"""Shares a story: copies its link or text, shows a QR code, saves a picture card, or sends the story to a service or program."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bpost_tui.atomic import replace_file
from bpost_tui.browser import OpenResult, launch
from bpost_tui.config.value_types import ShareTarget
from bpost_tui.core.sharing.share_targets import MAIL, SERVICES, fill_address, fill_command
from bpost_tui.core.templates.story_card import card
from bpost_tui.core.wording import error_line
from bpost_tui.desktop import copy_picture, picture_clipboard_command
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.model.sanitize import clean_line, clean_text
from bpost_tui.model.story import Headline, RowKey
from bpost_tui.tui.dialogs.choice_menu import Choice
from bpost_tui.tui.shared.screen_context import Handler, ScreenContext

_NAME_CHARS = 40
_PASSAGE_CHARS = 2000


class ShareMenu:
    """Shows the menu of the ways to share a story, and shares it in the chosen way.

    Args:
        passage: Returns the words of the saved passage that the reader has gone to; empty if there is none.
        copy_link: Copies the story's address.
        copy_story: Copies the story as text.
        browse: Opens an address in the browser.
    """

    def __init__(
        self,
        context: ScreenContext,
        *,
        passage: Callable[[], str],
        copy_link: Handler,
        copy_story: Handler,
        browse: Callable[[str], None],
    ) -> None:
        self._context = context
        self._passage = passage
        self._copy_link = copy_link
        self._copy_story = copy_story
        self._browse = browse

    # ── the menu ────────────────────────────────────────────────────────────

    def offer(self) -> None:
        """Open the menu that asks how to share the story; do nothing if there is no story."""
        row, story = self._context.target_row, self._context.target_story
        if row is None or story is None:
            return
        choices = (*self._with_link(story), *self._with_text(row.key))

        at_once = {"copy_link": self._copy_link, "copy_story": self._copy_story}
        self._context.show_menu(self._context.text("Share the story"), choices, at_once)

    def _with_link(self, row: Headline) -> Iterator[Choice[Handler]]:
        link, text = row.link, self._context.text
        if link is None:
            return
        yield Choice(self._copy_link, text("Copy link"), self._context.keys.key_label("copy_link"))
        yield Choice(partial(self._show_code, link), text("QR code of the link"))
        for name, target in {**SERVICES, text("Mail"): MAIL, **self._context.settings.share}.items():
            yield Choice(partial(self._send, name, target, row, link), clean_line(name, _NAME_CHARS))

    def _with_text(self, row: RowKey) -> Iterator[Choice[Handler]]:
        text, passage = (
            self._context.text,
            clean_text(self._context.screen.get_selected_text() or self._passage() or "", _PASSAGE_CHARS),
        )
        yield Choice(self._copy_story, text("Copy story"), self._context.keys.key_label("copy_story"))
        detail = text("of the selected passage") if passage else ""
        run = partial(self._context.run_worker, group="card")
        yield Choice(partial(run, partial(self._preview, row, passage)), text("Card: look at it"), detail)
        if picture_clipboard_command(os.environ) is not None:
            yield Choice(partial(run, partial(self._copy, row, passage)), text("Card to the clipboard"), detail)
        yield Choice(partial(self._ask_file_name, row, passage), text("Card to a file"), detail)

    # ── the link ────────────────────────────────────────────────────────────

    def _show_code(self, link: str) -> None:
        from bpost_tui.core.sharing.qr_code import qr_code
        from bpost_tui.tui.dialogs.qr_code_dialog import QrScreen

        code = QrScreen(self._context.renderer, qr_code(link))
        if code.fits(self._context.panes.window):
            self._context.push(code)
        else:
            self._context.show_answer(self._context.text("The window is too small for a QR code"))

    def _send(self, name: str, target: ShareTarget, row: Headline, link: str) -> None:
        if not isinstance(target, str):
            self._context.run_worker(partial(self._launch, name, fill_command(target, link, row.title)), group="share")
        elif (address := fill_address(target, link, row.title)) is not None:
            self._browse(address)
        else:
            self._context.show_answer(self._context.text("The story's address is too long for {name}", name=name))

    async def _launch(self, name: str, command: tuple[str, ...]) -> None:
        if await to_thread(launch, command) is OpenResult.OPENED:
            self._context.show_answer(self._context.text("Shared via {name}", name=name))
        else:
            self._context.show_answer(
                self._context.text("{name} failed: the program {program} ended with an error", name=name, program=command[0])
            )

    # ── the card ────────────────────────────────────────────────────────────

    async def _preview(self, row: RowKey, passage: str) -> None:
        saved = await to_thread(self._context.listings.story, row)
        paper = self._context.papers.name(saved.headline.paper)
        self._context.show_page(card(saved, self._context.language, paper=paper, passage=passage))

    async def _copy(self, row: RowKey, passage: str) -> None:
        picture, command = await to_thread(self._card, row, passage), picture_clipboard_command(os.environ)
        is_copied = command is not None and await to_thread(copy_picture, picture, command)
        self._context.show_answer(
            self._context.text("Card copied") if is_copied else self._context.text("Couldn't copy the picture to the clipboard")
        )

    def _ask_file_name(self, row: RowKey, passage: str) -> None:
        def answered(name: str) -> None:
            if name:
                self._context.run_worker(partial(self._save, row, passage, Path(name)), group="card")

        question = self._context.text("Save the card as")
        self._context.prompt_for(question, answered, f"~/bpost-{str(row)[:8]}.png", label=question)

    async def _save(self, row: RowKey, passage: str, path: Path) -> None:
        try:
            await to_thread(lambda: _write_new(path, self._card(row, passage)))
        except StoreError as error:
            self._context.show_answer(error_line(error, self._context.language))
        else:
            self._context.show_answer(self._context.text("Card saved: {path}", path=path))

    def _card(self, row: RowKey, passage: str) -> bytes:
        """Return a card (a picture to share) of the story with the key `row` as a PNG, with the words of `passage` unless empty.

        The method blocks, so it must be run in a thread.
        """
        from bpost_tui.core.sharing.card_picture import card_png

        saved = self._context.listings.story(row)
        return card_png(
            saved,
            self._context.language,
            paper=self._context.papers.name(saved.headline.paper),
            theme=self._context.theme_switcher.in_use,
            fonts=self._context.settings.font,
            passage=passage,
        )


def _write_new(path: Path, data: bytes) -> None:
    """Write `data` to a new file at `path`, which may begin with `~`. Raises StoreError if the file exists or can't be written."""
    try:
        place = path.expanduser()
        if place.exists():
            raise FileExistsError(0, "", str(place))
        with replace_file(place, private=False) as temporary:
            temporary.write_bytes(data)
    except FileExistsError as error:
        raise StoreError(prefix_reason(str(path), Reason("this file is there already"))) from error
    except (OSError, RuntimeError) as error:  # RuntimeError: ~nobody has no home
        raise StoreError(f"{path}: {getattr(error, 'strerror', error)}") from error
