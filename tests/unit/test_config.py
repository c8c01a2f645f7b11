from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.config import PortalSetting, Settings
from bpost_tui.config import load_config as config_load
from bpost_tui.config.settings import SETTINGS
from bpost_tui.config.value_types import PROGRAM, TARGET, VoiceProgram
from bpost_tui.i18n import Language
from tests.config_files import load
from tools.code_structure import ROOT

EN, BN = Language("en"), Language("bn")
ACTIONS = {"open": ("enter", "o"), "quit": ("q",), "star": ("s",)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def problems_of(file: Path, text: str) -> list[str]:
    """Return the problems of a config with `text`, without the file's folder."""
    file.write_text(text, encoding="utf-8")
    return [problem.format(EN).removeprefix(f"{file.parent}/") for problem in load(file, actions=ACTIONS)[1]]


@pytest.mark.parametrize("name", [name for name, row in SETTINGS.items() if row.value and get_args(row.value.type())])
def test_choice_setting_lists_its_values(name: str) -> None:
    value = SETTINGS[name].value
    assert value is not None
    if all(isinstance(each, str) for each in get_args(value.type())):
        assert re.findall('"(.+?)"', value.expected) == [*get_args(value.type())]


def test_load_gives_defaults_without_a_file(file: Path) -> None:
    assert load(file) == (Settings(), ())


def test_load_takes_all_valid_settings(file: Path) -> None:
    file.write_text(
        'portal = "example.org/news/"\nlanguage = "bn"\ntext = "mosaic"\ntheme = "night"\nfont = ["/a.ttf", "/b.ttf"]\n'
        "zoom_px = -2\ntext_width = 60\nline_pitch = 2\nrefresh_minutes = 0\n[keys]\nquit = 'ctrl+q'\nopen = ['enter', 'l']\n",
        encoding="utf-8",
    )
    settings, problems = load(file, actions=ACTIONS)
    assert problems == ()
    assert settings == Settings(
        portal="https://example.org/news",
        language="bn",
        text="mosaic",
        theme="night",
        font=(Path("/a.ttf"), Path("/b.ttf")),
        zoom_px=-2,
        text_width=60,
        line_pitch=2.0,
        refresh_minutes=0,
        keys={"quit": ("ctrl+q",), "open": ("enter", "l")},
    )


def test_load_papers_uses_the_valid_fields_of_each(file: Path) -> None:
    file.write_text(
        'portal = "https://old.example"\nportals = ["thebengalpost.net/", "ftp://x", { address = "https://x.example/rss.xml?a=1",'
        ' name = "এক্স", categories = "খেলা", refresh_minutes = 60, kind = "feed", odd = 1 }]\n',
        encoding="utf-8",
    )
    settings, problems = load(file)
    feed = PortalSetting("https://x.example/rss.xml?a=1", "এক্স", ("খেলা",), 60, kind="feed")
    assert settings.of_portals() == Settings(
        portal="https://thebengalpost.net", portals=(PortalSetting("https://thebengalpost.net"), feed)
    )
    assert len(problems) == 3
    assert settings.of_portal("http://x.example/rss.xml?a=1").papers == (feed,)
    assert settings.of_portal("https://y.example").papers == (PortalSetting("https://y.example"),)


@pytest.mark.parametrize(
    ("setting", "kind"), [("feed = true", "feed"), ("feed = false", "wordpress"), ('kind = "wordpress"', "wordpress")]
)
def test_load_papers_reads_the_kind_of_earlier_versions(file: Path, setting: str, kind: str) -> None:
    file.write_text(f'portals = [{{ address = "https://x.example/", {setting} }}]\n')
    (paper,) = load(file)[0].portals
    assert (paper.address, paper.kind) == ("https://x.example/" if kind == "feed" else "https://x.example", kind)


def test_load_papers_reports_the_line_of_an_unknown_kind(file: Path) -> None:
    assert problems_of(file, 'portals = [{ address = "https://x.example", kind = "gopher" }]\n') == [
        'config.toml:1: kind must be a kind of paper, such as "feed"'
    ]


def test_papers_without_a_list_are_the_single_portal() -> None:
    assert Settings(portal="https://y.example").of_portals().papers == (PortalSetting("https://y.example"),)


LISTEN = "a program with its arguments, as a list, a line for the shell, or a table with `program`, `stays`, `sound_hz`, `player`"
BROKEN = [
    ('langage = "bn"', "config.toml:1: langage is unknown; did you mean language?"),
    ("\n\nxyzzyx = 1", "config.toml:3: xyzzyx is unknown"),
    ("[colours]\nred = 1", "config.toml:1: colours is unknown"),
    ("portal = 1", "config.toml:1: portal must be an http or https address"),
    ('portal = "ftp://example.org"', "config.toml:1: portal must be an http or https address"),
    ('portals = "https://a.example"', "config.toml:1: portals must be a list of addresses, or of tables with an address"),
    ("portals = [\n 'https://a.example',\n 'ftp://b.example',\n]", "config.toml:3: portals must be an http or https address"),
    ("portals = [1]", "config.toml:1: portals must be an http or https address"),
    ("portals = [\n'a.example',\n{ name = 'খ' }]", "config.toml:3: a paper in portals has no address"),
    (
        "portals = [\n{ address = 'a.example', nam = 'x' },\n{ address = 'b.example' }]",
        "config.toml:2: nam is unknown; did you mean name?",
    ),
    ("[[portals]]\naddress = 'a.example'\nfeed = 1", "config.toml:3: feed must be true or false"),
    (
        "portals = ['b.example',\n{ address = 'a.example', refresh_minutes = -1 }]",
        "config.toml:2: refresh_minutes must be a whole number from 0 to 10080",
    ),
    ("portals = ['a.example',\n'https://www.a.example/']", "config.toml:2: https://www.a.example is in portals twice"),
    ("portals = ['a.example']\nportal = 'b.example'", "config.toml:2: portal isn't used, since portals says what to read"),
    ('language = "fr"', 'config.toml:1: language must be "auto", "bn" or "en"'),
    ("language = ['bn']", 'config.toml:1: language must be "auto", "bn" or "en"'),
    ('# text = 1\ntext = "pixel"', 'config.toml:2: text must be "auto", "pixels", "mosaic" or "cells"'),
    ('# was: a, theme = 1\nnotify = ["x, theme = 2"]\n"theme" = 3', "config.toml:3: theme must be a theme's name"),
    ('theme = ""', "config.toml:1: theme must be a theme's name"),
    ('keyboard = "qwerty"', 'config.toml:1: keyboard must be "auto", "probhat", "inscript", "ben", "bd" or "avro"'),
    ("theme = 3", "config.toml:1: theme must be a theme's name"),
    ("font = '~no-such-person/a.ttf'", "config.toml:1: font must be a font file or a list of font files"),
    ("font = [1]", "config.toml:1: font must be a font file or a list of font files"),
    ('zoom_px = "2"', "config.toml:1: zoom_px must be a whole number from -12 to 64"),
    ('bangla_date = "yes"', 'config.toml:1: bangla_date must be "auto", "west-bengal", "bangladesh" or "off"'),
    ("bangla_date = 1", 'config.toml:1: bangla_date must be "auto", "west-bengal", "bangladesh" or "off"'),
    ("zoom_px = true", "config.toml:1: zoom_px must be a whole number from -12 to 64"),
    ("zoom_px = 2.0", "config.toml:1: zoom_px must be a whole number from -12 to 64"),
    ("text_width = 5", "config.toml:1: text_width must be a whole number from 20 to 400"),
    ("line_pitch = 0.5", "config.toml:1: line_pitch must be a number from 1 to 3"),
    ("line_pitch = nan", "config.toml:1: line_pitch must be a number from 1 to 3"),
    ("line_pitch = true", "config.toml:1: line_pitch must be a number from 1 to 3"),
    ("refresh_minutes = -1", "config.toml:1: refresh_minutes must be a whole number from 0 to 10080"),
    ("listen = ['a', 1]", f"config.toml:1: listen must be {LISTEN}"),
    ("[listen]\nprogram = []", f"config.toml:1: listen must be {LISTEN}"),
    ("[listen]\nprogram = 'a'\nstay = true", f"config.toml:1: listen must be {LISTEN}"),
    ("listen = { stays = true }", f"config.toml:1: listen must be {LISTEN}"),
    ("[hooks]\nnew_story = 'x'", "config.toml:2: new_story is unknown; did you mean new_stories?"),
    ("# words\n[mute]\n# words\nwords = [1]", "config.toml:4: words must be a text or a list of texts"),
    ("[share]\na = 'cat {link}'", f"config.toml:2: a must be {TARGET.expected}"),
    ("[share]\na = ['{title}']", f"config.toml:2: a must be {TARGET.expected}"),
    ("[share]\na = 'https://{title}/?q={link}'", f"config.toml:2: a must be {TARGET.expected}"),
    ("[share]\na = 'file:///{link}'", f"config.toml:2: a must be {TARGET.expected}"),
    ("[share]\na = 'mailto:?body={link}'\nb = []", f"config.toml:3: b must be {TARGET.expected}"),
    ("[open]\naudio = 'mpv {link}'", f"config.toml:2: audio must be {PROGRAM.expected}"),
    ("[open]\nvideo = ['{link}']", f"config.toml:2: video must be {PROGRAM.expected}"),
    ("share = 1", "config.toml:1: share must be a table: [share]"),
    ("mute = ['x']", "config.toml:1: mute must be a table: [mute]"),
    ("keys = 1", "config.toml:1: keys must be a table: [keys]"),
    ("[keys]\nopne = 'o'", "config.toml:2: opne is unknown; did you mean open?"),
    ("keys.opne = 'o'", "config.toml:1: opne is unknown; did you mean open?"),
    ("keys = { opne = 'o' }", "config.toml:1: opne is unknown; did you mean open?"),
    ("zoom_px = 1\n[keys]\n# star\nstar = [1]", "config.toml:4: star must be a key or a list of keys"),
    ("[keys]\nstar = []", "config.toml:2: star must be a key or a list of keys"),
    ("[keys]\nopen = 'x'\nstar = ['y', 'x']", "config.toml:3: x is already a key of open"),
    ("[keys]\nopen = 'question_mark'\nstar = '?'", "config.toml:3: ? is already a key of open"),
    ("[keys]\nopen = 's'", "config.toml:2: s was the only key of star"),
    ("[keys]\nopen = 'ctlr+s'", "config.toml:2: ctlr+s is unknown"),
    ("[keys]\nopen = ['x', 'Enter']", "config.toml:2: Enter is unknown; did you mean enter?"),
    ("[keys]\nstar = ''", "config.toml:2: star must be a key or a list of keys"),
    ("zoom_px = 1\nx =", "config.toml:2: not valid TOML: "),
    ("a = 1\nb = [1,\n\nc = 2", "config.toml:4: not valid TOML: "),
    ("a = 1\na = 2", "config.toml:2: not valid TOML: "),
    ("zoom_px = 1\ntheme = night  # dark", 'config.toml:2: put it in quotes: theme = "night"'),
    ('theme = "night', 'config.toml:1: put it in quotes: theme = "night"'),
    ("sync_folder = ~/Sync/bpost", 'config.toml:1: put it in quotes: sync_folder = "~/Sync/bpost"'),
    ("[servise]\nuser = me", 'config.toml:2: put it in quotes: user = "…"'),
    ("[mute]\nservice = x", 'config.toml:2: put it in quotes: service = "x"'),
    ("pwd = me", 'config.toml:1: put it in quotes: pwd = "…"'),
    ("zoom_px = " + "1" * 5000, "config.toml:1: not valid TOML: "),
    ("a = " + "[" * 5000, "config.toml:1: not valid TOML: "),
]


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_load_reports_file_line_and_mistake(file: Path, text: str, line: str) -> None:
    problems = problems_of(file, text)
    assert len(problems) == 1
    assert problems[0].startswith(line) if line.endswith(": ") else problems[0] == line


def test_load_keeps_other_settings_when_one_is_wrong(file: Path) -> None:
    file.write_text('language = "bn"\nzoom_px = "big"\ntext_width = 60\n[keys]\nquit = "Q"\nstar = 1\n')
    settings, problems = load(file, actions=ACTIONS)
    assert settings == Settings(language="bn", text_width=60, keys={"quit": ("Q",)})
    assert len(problems) == 2


def test_load_keeps_an_actions_other_keys_when_one_is_bad(file: Path) -> None:
    file.write_text("[keys]\nopen = ['x', 'Enter']\nstar = ['x', 'y']\nquit = ['x']\n")
    settings, problems = load(file, actions=ACTIONS)
    assert settings.keys == {"open": ("x",), "star": ("y",)}
    assert len(problems) == 3


def test_load_accepts_two_actions_swapping_keys(file: Path) -> None:
    file.write_text("[keys]\nquit = 's'\nstar = 'q'\n")
    assert load(file, actions=ACTIONS)[1] == ()


def test_load_reports_an_unreadable_file(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    assert load(file)[0] == Settings()
    assert "config.toml:1: can't be read" in load(file)[1][0].format(EN)
    assert "can't be read" in load(file.parent)[1][0].format(EN)


@pytest.mark.parametrize("text", ["zoom_px = 900", "them = 'night'", "theme = night", "[mut]"])
def test_load_names_the_first_line_of_a_file_with_a_byte_order_mark(file: Path, text: str) -> None:
    without = problems_of(file, text)
    assert without[0].startswith("config.toml:1: ")
    assert problems_of(file, f"\ufeff{text}") == without


def test_config_problem_is_translated(file: Path) -> None:
    file.write_text("zoom_px = 900")
    assert load(file)[1][0].format(BN) == f"{file}:1: zoom_px-এর মান হতে হবে -12 থেকে 64 পর্যন্ত একটি পূর্ণসংখ্যা"


@given(st.text(max_size=200))
def test_load_never_fails_for_any_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(text, encoding="utf-8", errors="replace")
    settings, problems = load(file, actions=ACTIONS)
    assert isinstance(settings, Settings)
    assert all("\n" not in problem.format(EN).removeprefix(str(file)) or "\\n" for problem in problems)


def test_settings_table_describes_every_setting() -> None:
    assert tuple(SETTINGS) == Settings._fields
    for name, setting in SETTINGS.items():
        assert setting.description.endswith("."), name
        assert sum(map(bool, (setting.value, setting.table, setting.each, setting.named))) == (name != "keys"), name


def test_page_about_the_config_names_every_setting() -> None:
    page = (ROOT / "docs/config.md").read_text(encoding="utf-8")
    assert [name for name in Settings._fields if not re.search(rf"\b{name}\b", page)] == []


def test_settings_table_reads_its_own_defaults() -> None:
    for name, default in Settings()._asdict().items():
        if value := SETTINGS[name].value:
            assert value.convert_toml(list(default) if isinstance(default, tuple) else default) == default, name


def test_listen_table_is_a_voice_program(file: Path) -> None:
    file.write_text('[listen]\nprogram = ["my-voice"]\nstays = true\nsound_hz = 16000\nplayer = "aplay -q -"\n', encoding="utf-8")
    settings, problems = load(file, actions=ACTIONS)
    assert problems == ()
    assert settings.listen == VoiceProgram(("my-voice",), True, 16_000, "aplay -q -")


def test_config_of_many_papers_is_read_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read 2,000 papers quickly. It took 41 s when each was looked up in the whole text although there was no mistake."""
    entries = ",\n".join(f'  {{address = "https://h{each}.example/feed.xml", kind = "feed"}}' for each in range(2_000))
    (tmp_path / "config.toml").write_text(f"portals = [\n{entries},\n  7,\n]\n", encoding="utf-8")
    looked_for: list[object] = []
    find = config_load._ConfigReader._line_of_entry

    def noting(file: config_load._ConfigReader, entry: object, first: int) -> int:
        looked_for.append(entry)
        return find(file, entry, first)

    monkeypatch.setattr(config_load._ConfigReader, "_line_of_entry", noting)
    values, problems = config_load.read(tmp_path / "config.toml")
    assert (len(values["portals"]), len(problems), looked_for) == (2_000, 1, [7])


@pytest.mark.parametrize("above", ["", "[keys]\n", '[[portals]]\naddress = "https://a.example"\n'])
def test_config_with_thousands_of_mistakes_is_reported_quickly(file: Path, monkeypatch: pytest.MonkeyPatch, above: str) -> None:
    found: list[str] = []

    def line_of(text: str, key: str, *, after: int = 0) -> int:
        found.append(key)
        return real_line_of(text, key, after=after)

    real_line_of = config_load.find_line
    monkeypatch.setattr(config_load, "find_line", line_of)
    problems = problems_of(file, above + "".join(f"unknown_{n} = 1\n" for n in range(3000)))
    assert len(problems) == 21 and problems[-1] == "config.toml: more mistakes: 2980"
    assert f"config.toml:{20 + above.count(chr(10))}: unknown_19 is unknown" in problems[19]
    assert len(found) <= 22


_SECRET = "q7jVk-Zq9Kx"
_ACCOUNT = f"""sync_folder = "~/Sync"

[service]
address = "https://reader.example.org"
user = "{_SECRET}"
password = "{_SECRET}"
password_command = ["echo", "{_SECRET}"]
"""


@pytest.mark.parametrize("text", ['password = "{}', "password = {}", 'user = "{}', "passwort = {}", '{} = "x"', "user = {}  # me"])
def test_wrong_line_of_the_service_is_reported_without_its_value(file: Path, text: str) -> None:
    (problem,) = problems_of(file, f"[service]\n{text.format(_SECRET)}\n")
    assert problem.startswith("config.toml:2: ") and _SECRET[:5] not in problem


def test_http_in_the_own_network_needs_a_setting(file: Path) -> None:
    address = 'address = "http://192.168.1.2:8080"\n'
    (refused,) = problems_of(file, f"[service]\n{address}")
    assert refused.startswith("config.toml:2: address must be an https address")
    (warning,) = problems_of(file, f"[service]\ninsecure_http = true\n{address}")
    assert warning == "config.toml:3: insecure_http: your password and your marks cross the network unencrypted"
    assert load(file)[0].service["address"] == "http://192.168.1.2:8080"
    public = address.replace("192.168.1.2", "reader.example.org")
    assert len(problems_of(file, f"[service]\ninsecure_http = true\n{public}")) == 1
    assert "address" not in load(file)[0].service
    assert problems_of(file, '[service]\naddress = "http://127.0.0.1:8080"\n') == []


_EDITS = st.tuples(
    st.integers(_ACCOUNT.index("[service]"), len(_ACCOUNT)),
    st.integers(0, 3),
    st.text(st.sampled_from("\"'=[]{}#\n\\, .x"), max_size=3),
)


@given(st.lists(_EDITS, min_size=1, max_size=4))
def test_secret_of_a_mangled_config_is_in_no_problem(edits: list[tuple[int, int, str]]) -> None:
    text = _ACCOUNT
    for at, removed, inserted in edits:
        text = text[:at] + inserted + text[at + removed :]
    _, problems = config_load.read_text(Path("config.toml"), text, actions=ACTIONS)
    parts = {_SECRET[at : at + 4] for at in range(len(_SECRET) - 3)}
    for problem in problems:
        for language in (EN, BN):
            shown = problem.format(language)
            assert not [part for part in parts if part in shown], (text, shown)
