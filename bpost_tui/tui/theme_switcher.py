"""Theme switcher: applies themes while the app runs, and reloads a theme's file whenever the file is saved."""

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
"""Share (0 to 1) of the panel's colour in the hinted row's background, and of the accent colour in the background of selected
text.

The hinted row is the cursor's row in a pane without the focus.
"""
_THUMB = 0.3
"""Share of the colour of secondary text (dates, hints …) in the scroll bar's colour; the rest is the colour of thin lines."""


class ThemeSwitcher:
    """Applies themes: Textual's colours, the colours of typeset text (inks), and the colour filter of the output.

    Args:
        app: App that shows the theme.
        current: Name of the theme in use.
        colours: Colour filter of the output to the terminal.
        startup_problems: Messages about problems found before the screen exists. They are shown as soon as it exists.
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
        """Name of the theme that the reader has chosen, which may be "auto"."""
        self._renderer = renderer
        self._colours = colours
        self._preferences = preferences
        self._language = language
        self._unreported_problems = (*startup_problems, *themes.problems)
        self.problem_found: Event[str] = Event()
        """Announces problems found in a theme's file, as one line of text."""
        self._register()
        app.theme = themes.name_of(current)
        colours.terminal_colours = themes.terminal_colours if themes[current].tones else None

    def begin(self) -> None:
        """Check regularly from now on whether a theme's file has been saved."""
        self._app.set_interval(_POLL_S, self.reload_changed)

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of the themes, by name."""
        return self._themes.labels

    @property
    def in_use(self) -> ReaderTheme:
        """Theme that is applied: the chosen theme; if "auto" is chosen, the theme that suits the terminal's background."""
        return self._themes[self.current]

    def show_list(self) -> None:
        """Show the list of themes. Moving the cursor applies a theme, and Escape restores the theme used before."""
        from bpost_tui.tui.dialogs.theme_list import ThemeScreen

        def decide(name: str | None) -> None:
            if name is None:
                self.apply(self.current)
            else:
                self.choose(name)

        self._app.push_screen(ThemeScreen(self._renderer, self._language, self.labels, self.current, self.apply), decide)

    def choose(self, name: str) -> None:
        """Apply theme `name`, and remember it for later sessions."""
        if name in self._themes:
            self.current = name
            self._preferences.save(theme=name)
        self.apply(name)

    def apply(self, name: str) -> None:
        """Show the whole screen in theme `name`. Backgrounds and text change colour in the same frame.

        If the theme's file has been deleted since its name was listed, report this, and show the theme in use.
        """
        if name not in self._themes:
            self.problem_found(self._language.text("no theme “{name}”", name=name))
            name = self.current
        frame = ExitStack()
        frame.enter_context(self._app.batch_update())
        self._app.theme = self._themes.name_of(name)
        self._app.call_next(self._draw_in_theme, self._themes[name], frame)

    def on_background_report(self, is_dark: bool) -> None:
        """If "auto" is chosen, apply the theme for the background that the terminal has reported: dark if `is_dark`, else light.

        The report arrives on the input thread. The theme is applied a little later, on the event loop.
        """
        self._app.call_later(partial(self.follow_background, is_dark=is_dark))

    def follow_background(self, *, is_dark: bool) -> None:
        """If "auto" is chosen, apply the theme for a dark background if `is_dark`, else for a light one."""
        self._themes.is_background_dark = is_dark
        if self.current == AUTO and self._app.theme != self._themes.name_of(AUTO):
            self.apply(AUTO)

    def set_terminal_colours(self, own: TerminalColours, ground: Colour | None) -> None:
        """Use `own`, the terminal's colours, which it has reported only after bpost's start.

        `ground` is the colour of the terminal's background; None if the terminal didn't report it.
        """
        self._themes.set_terminal_colours(own, ground)
        self._set_themes(self._themes)
        if self.current == AUTO:
            self.apply(AUTO)

    def _draw_in_theme(self, theme: ReaderTheme, frame: ExitStack) -> None:
        """Draw all text in the colours of `theme`, then close the context `frame`, which has held back all painting.

        This method is called after Textual has updated its styles, because the thickness of letters depends on the background.
        """
        with frame:
            self._colours.terminal_colours = self._themes.terminal_colours if theme.tones else None
            self._renderer.change(palette=theme.inks)
            self._app.screen.refresh()  # one frame for all widgets, which would otherwise be refreshed one by one

    def reload_changed(self) -> None:
        """Reload all themes if a theme's file has been saved."""
        _: Worker[None] = self._app.run_worker(self._check_files, group="themes")

    async def _check_files(self) -> None:
        themes = await to_thread(self._themes.changed)
        if themes is not None:
            self._set_themes(themes)
        elif self._unreported_problems:
            self._show_problems(self._unreported_problems)

    def _set_themes(self, themes: Themes) -> None:
        """Use `themes` from now on. If the theme in use has changed, apply it again; if it is missing, apply the first theme."""
        shown = self._app.theme if self._app.theme in themes else next(iter(themes))
        self._themes = themes
        self._register()
        if self.current not in themes:
            self.current = shown
        if self._app.theme == shown:
            self._app.mutate_reactive(App.theme)  # its colours may have changed
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
    """Convert a theme of bpost to a theme of Textual."""
    colours = {key: _hex(colour) for key, colour in theme.colours.items()}
    variables = {
        "scrollbar": _hex(mix(theme.inks["rule"], theme.inks["meta"], _THUMB)),  # unlike rules and the cursor's row beside it
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
