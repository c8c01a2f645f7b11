"""Settings that readers change, in one dialog; Enter writes them to the config."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from bpost_tui.core.lists.list_orders import order_words
from bpost_tui.errors import BPostError
from bpost_tui.i18n import message
from bpost_tui.model.list_order import ListOrder
from bpost_tui.tui.shared.screen_context import ScreenContext

ROWS: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "language": (message("Language"), {"auto": message("that of the system"), "bn": "বাংলা", "en": "English"}),
        "theme": (message("Theme"), {}),
        "text": (
            message("Type"),
            {
                "auto": message("the best of this terminal"),
                "pixels": message("pixels"),
                "mosaic": message("mosaic"),
                "cells": message("cells"),
            },
        ),
        "story_order": (message("Stories"), {each.value: order_words(each, of_story=False).note for each in ListOrder}),
        "category_order": (message("Categories"), {"name": message("by name"), "unread": message("most unread first")}),
        "times": (message("Days and times"), {"india": message("India's"), "own": message("those of this machine")}),
        "bangla_date": (
            message("Bangla date"),
            {
                "auto": message("the country's"),
                "west-bengal": message("West Bengal's"),
                "bangladesh": message("Bangladesh's"),
                "off": message("none"),
            },
        ),
        "pictures": (
            message("Pictures"),
            {"ask": message("when asked for"), "always": message("always"), "never": message("never")},
        ),
        "paragraphs": (message("Paragraphs"), {"space": message("a blank line"), "indent": message("indented")}),
    }
)
"""Maps each setting, in the dialog's order, to its label and the labels of its values; the labels of themes aren't here."""


class SettingsMenu:
    """Shows the settings with their values, and writes changes to the config."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context

    def open(self) -> None:
        """Show the dialog: arrow keys change a value, Enter saves all changes, Escape discards them."""
        from bpost_tui.tui.dialogs.choice_menu import Choice, ChoiceScreen

        context, text = self._context, self._context.text
        themes, types = context.theme_switcher, context.host.type_switcher
        before = {name: getattr(context.settings, name) for name in ROWS} | {"theme": themes.current, "text": types.choice}
        now = dict(before)
        labels = {name: values or themes.labels for name, (_, values) in ROWS.items()}

        def choices() -> list[Choice[str]]:
            return [Choice(name, text(label), f"‹ {text(labels[name][now[name]])} ›") for name, (label, _) in ROWS.items()]

        def change(name: str, step: int) -> None:
            values = list(labels[name])
            now[name] = values[(values.index(now[name]) + step) % len(values)]
            dialog.show(choices())
            if name == "theme":
                themes.apply(now[name])

        def chosen(is_kept: str | None) -> None:
            changed = {name: value for name, value in now.items() if is_kept and value != before[name]}
            if changed:
                context.run_worker(partial(self._write, changed, before["theme"]), group="config", exclusive=True)
            elif now["theme"] != before["theme"]:
                themes.apply(before["theme"])

        keys = (("← →", text("change")), (context.keys.key_label("open"), text("keep")), ("Esc", text("cancel")))
        title = "   ".join(f"{key} {label}" for key, label in keys)
        dialog = ChoiceScreen(context.renderer, context.keys, title, choices(), {}, on_change=change)
        context.push(dialog, chosen)

    async def _write(self, changed: Mapping[str, object], theme: str) -> None:
        """Write the settings in `changed` to the config, and restart bpost so that they apply.

        If they can't be written, apply `theme`, the theme before the change, and raise the error.
        """
        try:
            await to_thread(self._context.start_options.write_config, changed)
        except BPostError:
            self._context.theme_switcher.apply(theme)
            raise
        self._context.host.restart()
