from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.theme import Theme

from bpost_tui.core import themes
from bpost_tui.core.themes import AUTO, bundled_folder, load_themes, read_theme
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language
from bpost_tui.limits import MAX_THEME_BYTES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.tui.theme_switcher import textual_theme
from bpost_tui.typesetting.terminal.colours import TerminalColours
from bpost_tui.typesetting.typeset.surface import Colour

THEMES, PROBLEMS = load_themes(bundled_folder())
TEXT_INKS = ("text", "headline", "quote")
META_INKS = ("meta", "accent", "link", "mark", "faded")


def luminance(colour: Colour) -> float:
    """Return the relative luminance of `colour` (WCAG 2.2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_bundled_themes_load_without_a_problem() -> None:
    assert not PROBLEMS
    assert len(THEMES) >= 8
    assert {"newsprint", "night", "terminal", "monochrome"} <= set(THEMES)
    assert all(isinstance(textual_theme(theme), Theme) for theme in THEMES.values())


OWN = {
    "xterm": TerminalColours(),
    "kitty": TerminalColours((221, 221, 221), (0, 0, 0), tuple((16 * index, 90, 250 - 15 * index) for index in range(16))),
    "light": TerminalColours((40, 40, 40), (253, 246, 227)),
}
"""Default colours of three terminals."""


@pytest.mark.parametrize("name", sorted(set(THEMES) - {"terminal"}))
@pytest.mark.parametrize("ground", ["background", "panel"])
@pytest.mark.parametrize("own", sorted(OWN))
def test_theme_has_enough_contrast_for_reading(name: str, ground: str, own: str) -> None:
    theme = THEMES[name].resolve(OWN[own])
    paper = theme.colours[ground]
    assert {ink: contrast(theme.inks[ink], paper) for ink in TEXT_INKS if contrast(theme.inks[ink], paper) < 7} == {}
    assert {ink: contrast(theme.inks[ink], paper) for ink in META_INKS if contrast(theme.inks[ink], paper) < 4.5} == {}


def test_theme_labels_are_translated() -> None:
    assert [theme.label for theme in THEMES.values() if Language("bn").text(theme.label) == theme.label] == []


@pytest.mark.parametrize("own", sorted(OWN))
def test_terminals_colours_are_mixed_to_a_readable_contrast(own: str) -> None:
    theme = THEMES["terminal"].resolve(OWN[own])
    assert theme.inks["text"] == OWN[own].ink
    assert theme.colours["background"] == OWN[own].paper
    assert min(contrast(theme.inks[ink], theme.colours["panel"]) for ink in (*TEXT_INKS, *META_INKS)) >= 4.5
    assert theme.dark == (own != "light")


def test_themes_of_fixed_values_ignore_the_terminals_colours() -> None:
    assert all(theme.resolve(OWN["light"]) is theme for name, theme in THEMES.items() if name not in ("terminal", "monochrome"))


@pytest.mark.parametrize(
    ("value", "colour"),
    [("#0a0B0c", (10, 11, 12)), ("red", (205, 0, 0)), ("bright-white", (255, 255, 255)), ("foreground 50%", (114, 114, 114))],
)
def test_theme_colour_is_a_value_or_the_terminals(tmp_path: Path, value: str, colour: Colour) -> None:
    text = (bundled_folder() / "night.toml").read_text(encoding="utf-8").replace('rule = "#3a4049"', f'rule = "{value}"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert read_theme(tmp_path / "mine.toml").inks["rule"] == colour


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not toml [", "line 1"),
        ('name = "x"', "no section [colors]"),
        ('[colors]\nbackground = "#ffffff"', "[colors] has no surface"),
    ],
)
def test_broken_theme_is_a_one_line_error(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.toml") as caught:
        read_theme(path)
    assert reason in caught.value.message
    assert "\n" not in caught.value.message
    themes, problems = load_themes(bundled_folder(), tmp_path)
    assert set(themes) == set(THEMES)
    assert len(problems) == 1


def test_invalid_colour_is_named(tmp_path: Path) -> None:
    text = (bundled_folder() / "night.toml").read_text(encoding="utf-8").replace('link = "#8fc1ea"', 'link = "sky"')
    (tmp_path / "night.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="link = 'sky' isn't a colour"):
        read_theme(tmp_path / "night.toml")


@pytest.mark.parametrize("name", sorted(THEMES))
def test_theme_has_a_picture_and_a_mention_in_the_documents(name: str) -> None:
    docs = Path(__file__).parents[3] / "docs"
    assert f"`{name}` ![](pictures/themes/{name}.png)" in (docs / "themes.md").read_text(encoding="utf-8")
    assert (docs / "pictures" / "themes" / f"{name}.png").stat().st_size <= 60_000


@pytest.mark.parametrize(
    "line", [f"name = 0x{'f' * 4000}", f"label = 0x{'f' * 4000}", "name = inf", "name = [[1]]", "label = 1979-05-27"]
)
def test_theme_without_a_name_takes_its_file_name(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mine.toml"
    whole = next(bundled_folder().glob("*.toml")).read_text(encoding="utf-8")
    path.write_text(f"{line}\n{whole[whole.index('[') :]}", encoding="utf-8")
    theme = read_theme(path)
    assert (theme.name, theme.label) == ("mine", "mine")


def test_huge_number_as_colour_is_a_one_line_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"[colors]\nbackground = 0x{'f' * 4000}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.toml"):
        read_theme(path)


def test_theme_name_and_label_are_sanitized(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    whole = next(bundled_folder().glob("*.toml")).read_text(encoding="utf-8")
    line = r'"\u001b]0;pwned\u0007\n\u202eq' + 900 * "x" + '"'
    path.write_text(f"name = {line}\nlabel = {line}\n{whole[whole.index('[') :]}", encoding="utf-8")
    theme = read_theme(path)
    assert theme.name == theme.label == clean_line(theme.name, MAX_NAME_CHARS)
    assert theme.name.startswith("]0;pwned") and theme.name.isprintable()


@pytest.mark.parametrize(
    "make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path)]
)
def test_theme_path_without_a_regular_file_is_a_problem(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "mine.toml")
    found, problems = load_themes(bundled_folder(), tmp_path)
    assert set(found) == set(THEMES)
    assert len(problems) == 1 and str(tmp_path / "mine.toml") in problems[0]


def test_theme_file_with_huge_keys_is_too_large(tmp_path: Path) -> None:
    for name, size in (("large", 1 << 20), ("largest", MAX_THEME_BYTES)):  # time grows by the square of a key's parts
        (tmp_path / f"{name}.toml").write_text("a." * (size // 2), encoding="utf-8")
    _, problems = load_themes(tmp_path)
    assert len(problems) == 2 and "File too large" in problems[0]


def test_bug_in_reading_themes_is_a_problem_for_each_theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise RecursionError

    monkeypatch.setattr(themes, "_colour", fail)
    found, problems = themes.load_themes(bundled_folder())
    assert not found and len(problems) == len([*bundled_folder().glob("*.toml")])
    assert all("RecursionError" in problem for problem in problems)


def test_unreadable_default_theme_is_replaced_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("newsprint", "night"):
        (tmp_path / f"{name}.toml").write_bytes((bundled_folder() / f"{name}.toml").read_bytes())
    monkeypatch.setattr(themes, "bundled_folder", lambda: tmp_path)
    usual = themes.Themes().name_of(AUTO)
    (tmp_path / f"{usual}.toml").unlink()
    (tmp_path / f"{usual}.toml").mkdir()  # so that reading it fails
    found = themes.Themes()
    assert found[AUTO].name != usual and len(found.problems) == 1
    with pytest.raises(UsageError, match=usual):
        found[usual]
