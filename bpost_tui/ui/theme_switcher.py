"""An app whose theme is chosen while it runs, and whose themes are read again when their files are saved."""

from __future__ import annotations

from collections.abc import Mapping

from textual import work
from textual.app import App
from textual.theme import Theme

from bpost_tui.i18n import Language
from bpost_tui.reading.preferences import Preferences
from bpost_tui.reading.theme_files import ReaderTheme
from bpost_tui.reading.themes import Themes
from bpost_tui.terminal.colours import ColourFilter
from bpost_tui.typeset.surface import Colour
from bpost_tui.ui.key_barrier import TurnApp
from bpost_tui.ui.renderer import Renderer

_POLL_S = 1.0


class ThemedApp(TurnApp):
    """Wears a theme: Textual's colours, the inks of the press, and how the stream asks for colours."""

    def __init__(
        self, themes: Themes, worn: str, renderer: Renderer, colours: ColourFilter, memory: Preferences, language: Language
    ) -> None:
        super().__init__()
        self.renderer = renderer
        self._themes = themes
        self._colours = colours
        self._memory = memory
        self._language = language
        self._worn = worn
        self._untold = themes.problems
        for name in themes:
            self.register_theme(textual_theme(themes[name]))
        self.theme = worn
        self._colours.own = themes.own if themes[worn].tones else None

    def on_mount(self) -> None:
        """Look for saved files from now on."""
        self.set_interval(_POLL_S, self._look)

    def refresh_css(self, animate: bool = True) -> None:
        """Take a theme's colours. Textual's; before there is a screen it would parse all rules in vain (4 ms)."""
        if self._screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def tell(self, sentence: str) -> None:
        """Tell the reader something, in one line."""

    def reset_type(self) -> None:
        """Have all screens set their type anew."""
        for screen in self.screen_stack:
            reset = getattr(screen, "reset_type", None)
            if reset is not None:
                reset()

    def theme_labels(self) -> Mapping[str, str]:
        """Return the themes' names with their labels."""
        return self._themes.labels

    def action_theme(self) -> None:
        """Offer the themes; each is seen as one goes, Escape puts back the one that was worn."""
        from bpost_tui.ui.dialogs.theme_list import ThemeScreen

        def decide(name: str | None) -> None:
            if name is None:
                self.wear(self._worn)
            else:
                self.action_wear(name)

        self.push_screen(ThemeScreen(self.renderer, self._language, self._themes.labels, self._worn, self.wear), decide)

    def action_wear(self, name: str) -> None:
        """Take a theme by its name, and keep it."""
        self._worn = name
        self._memory.keep(theme=name)
        self.wear(name)

    def wear(self, name: str) -> None:
        """Show everything in a theme."""
        theme = self._themes[name]
        self._colours.own = self._themes.own if theme.tones else None
        self.theme = name
        self.renderer.change(palette=theme.inks)
        self.reset_type()

    @work(thread=True, group="themes")
    def _look(self) -> None:
        """Notice files that have been saved."""
        themes = self._themes.changed()
        if themes is not None:
            self.call_from_thread(self._hang, themes)
        elif self._untold:
            self.call_from_thread(self._tell_problems, self._untold)

    def _hang(self, themes: Themes) -> None:
        """Take other themes; the one worn may have changed, or gone."""
        shown = self.theme if self.theme in themes else next(iter(themes))
        self._themes = themes
        for name in themes:
            self.register_theme(textual_theme(themes[name]))
        if self._worn not in themes:
            self._worn = shown
        self.wear(shown)
        self.mutate_reactive(App.theme)
        self._tell_problems(themes.problems)

    def _tell_problems(self, problems: tuple[str, ...]) -> None:
        self._untold = ()
        if problems:
            self.tell(" · ".join(map(self._language.reason, problems)))


def textual_theme(theme: ReaderTheme) -> Theme:
    """Return a theme as Textual registers it."""
    colours = {key: _hex(colour) for key, colour in theme.colours.items()}
    variables = {
        "scrollbar": colours["panel"],
        "scrollbar-hover": colours["primary"],
        "scrollbar-active": colours["primary"],
        "scrollbar-background": colours["background"],
        "scrollbar-background-hover": colours["background"],
        "scrollbar-background-active": colours["background"],
        "rule": _hex(theme.inks["rule"]),
        "ink-accent": _hex(theme.inks["accent"]),
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
