"""The theme: chosen while the app runs, and read again when its file is saved."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from textual.app import App
from textual.theme import Theme
from textual.worker import Worker

from bpost_tui.core.state.preferences import Preferences
from bpost_tui.core.themes import AUTO, ReaderTheme, Themes
from bpost_tui.i18n import Language
from bpost_tui.tui.event import Event
from bpost_tui.typesetting.terminal.colours import ColourFilter, TerminalColours
from bpost_tui.typesetting.terminal.sgr import mix
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.surface import Colour

_POLL_S = 1.0
_HINT, _SELECTION = 0.45, 0.3
"""Over the background: how much of the panel's colour a row has that is only hinted at, and of the accent what is selected."""
_THUMB = 0.3
"""How much of the meta ink the scroll bar has, over a rule's colour."""


class ThemeSwitcher:
    """Applies themes: Textual's colours, the inks of the type, and how the stream asks for colours.

    Args:
        app: Whose theme it is.
        current: The theme in use, by its name.
        colours: How the stream asks for colours.
        untold: What was odd about files read so far, to be said once there is a screen.
    """

    def __init__(
        self,
        app: App[str],
        themes: Themes,
        current: str,
        renderer: Renderer,
        colours: ColourFilter,
        preferences: Preferences,
        language: Language,
        startup_problems: tuple[str, ...],
    ) -> None:
        self._app = app
        self._themes = themes
        self.current = current
        """The name of the one that was chosen."""
        self._renderer = renderer
        self._colours = colours
        self._preferences = preferences
        self._language = language
        self._unreported_problems = (*startup_problems, *themes.problems)
        self.problem_found: Event[str] = Event()
        """Something odd about a file, in one line."""
        self._register()
        app.theme = themes.name_of(current)
        colours.terminal_colours = themes.terminal_colours if themes[current].tones else None

    def begin(self) -> None:
        """Look for saved files from now on."""
        self._app.set_interval(_POLL_S, self.reload_changed)

    @property
    def labels(self) -> Mapping[str, str]:
        """The themes' names with their labels."""
        return self._themes.labels

    @property
    def in_use(self) -> ReaderTheme:
        """The theme that was chosen, or that follows the terminal's ground."""
        return self._themes[self.current]

    def show_list(self) -> None:
        """Offer the themes; each is seen as one goes, Escape puts back the one that was in use."""
        from bpost_tui.tui.dialogs.theme_list import ThemeScreen

        def decide(name: str | None) -> None:
            if name is None:
                self.apply(self.current)
            else:
                self.choose(name)

        self._app.push_screen(ThemeScreen(self._renderer, self._language, self.labels, self.current, self.apply), decide)

    def choose(self, name: str) -> None:
        """Take a theme by its name, and remember it."""
        self.current = name
        self._preferences.save(theme=name)
        self.apply(name)

    def apply(self, name: str) -> None:
        """Show everything in a theme, grounds and inks in one frame."""
        frame = ExitStack()
        frame.enter_context(self._app.batch_update())
        self._app.theme = self._themes.name_of(name)
        self._app.call_next(self._draw_in_theme, self._themes[name], frame)

    def on_background_report(self, is_dark: bool) -> None:
        """Follow the terminal, once the app comes to it: its input is read on a thread of its own."""
        self._app.call_later(partial(self.follow_background, is_dark=is_dark))

    def follow_background(self, *, is_dark: bool) -> None:
        """Follow the terminal, whose ground is light or dark now, where its own was chosen."""
        self._themes.is_background_dark = is_dark
        if self.current == AUTO and self._app.theme != self._themes.name_of(AUTO):
            self.apply(AUTO)

    def set_terminal_colours(self, own: TerminalColours, ground: Colour | None) -> None:
        """Take the terminal's own colours, where it said late which they are."""
        self._themes.with_terminal_colours(own, ground)
        self._set_themes(self._themes)
        if self.current == AUTO:
            self.apply(AUTO)

    def _draw_in_theme(self, theme: ReaderTheme, frame: ExitStack) -> None:
        """Draw all in a theme, once Textual has its style sheet: how heavy type is drawn goes by the ground it is on."""
        with frame:
            self._colours.terminal_colours = self._themes.terminal_colours if theme.tones else None
            self._renderer.change(palette=theme.inks)
            self._app.screen.refresh()  # all at once: widgets ask for it one by one

    def reload_changed(self) -> None:
        """Notice files that have been saved."""
        _: Worker[None] = self._app.run_worker(self._check_files, group="themes")

    async def _check_files(self) -> None:
        themes = await to_thread(self._themes.changed)
        if themes is not None:
            self._set_themes(themes)
        elif self._unreported_problems:
            self._show_problems(self._unreported_problems)

    def _set_themes(self, themes: Themes) -> None:
        """Take other themes; the one in use may have changed, or gone."""
        shown = self._app.theme if self._app.theme in themes else next(iter(themes))
        self._themes = themes
        self._register()
        if self.current not in themes:
            self.current = shown
        if self._app.theme == shown:
            self._app.mutate_reactive(App.theme)  # its colours may be others now
        self.apply(shown)
        self._show_problems(themes.problems)

    def _register(self) -> None:
        for name in self._themes:
            self._app.register_theme(textual_theme(self._themes[name]))

    def _show_problems(self, problems: tuple[str, ...]) -> None:
        self._unreported_problems = ()
        if problems:
            self.problem_found(" · ".join(map(self._language.reason, problems)))


def textual_theme(theme: ReaderTheme) -> Theme:
    """Return a theme as Textual registers it."""
    colours = {key: _hex(colour) for key, colour in theme.colours.items()}
    variables = {
        "scrollbar": _hex(mix(theme.inks["rule"], theme.inks["meta"], _THUMB)),  # no rule, nor the cursor's row, which it touches
        "scrollbar-hover": colours["primary"],
        "scrollbar-active": colours["primary"],
        "scrollbar-background": colours["background"],
        "scrollbar-background-hover": colours["background"],
        "scrollbar-background-active": colours["background"],
        "rule": _hex(theme.inks["rule"]),
        "ink-accent": _hex(theme.inks["accent"]),
        "hint": _hex(mix(theme.colours["background"], theme.colours["panel"], _HINT)),
        "screen-selection-background": _hex(mix(theme.colours["background"], theme.colours["primary"], _SELECTION)),
    }
    return Theme(
        name=theme.name,
        dark=theme.dark,
        primary=colours["primary"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        variables=variables,
    )


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
