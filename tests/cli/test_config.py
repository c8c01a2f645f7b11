"""Tests of `bpost config`: path, show, check, edit, default; and thirty-five configs with an error each."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from bpost_tui.cli.config import config_problems, default_lines, to_toml
from bpost_tui.cli.shared.command_context import default_keys
from bpost_tui.config import Settings
from bpost_tui.config.settings import SETTINGS
from bpost_tui.i18n import Language
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost
from tests.config_files import load
from tests.conftest import NOW
from tests.pty.pty_terminal import Terminal

CONFIGS = Path(__file__).parents[1] / "data" / "configs"
BROKEN = sorted(CONFIGS.glob("*.toml"))
EXPECTED = (CONFIGS / "expected.txt").read_text(encoding="utf-8").splitlines()
EN, BN = Language("en"), Language("bn")


# ── path ────────────────────────────────────────────────────────────────────


def test_config_path_is_printed_even_without_a_file(bpost: Bpost, tmp_path: Path) -> None:
    assert bpost.run("config", "path").stdout == f"{tmp_path}/.config/bpost/config.toml\n"
    assert bpost.run("config", "path", "--config", "mine.toml").stdout == "mine.toml\n"


# ── check ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_broken_config_is_reported_by_line_and_partly_loaded(file: Path, tmp_path: Path) -> None:
    problems = [problem.format(EN) for problem in config_problems(file, tmp_path)]
    expected = [line for line in EXPECTED if line.startswith(f"{file.name}:")]
    assert len(problems) == len(expected) > 0
    for line, wanted in zip(problems, expected, strict=True):
        line = line.removeprefix(f"{CONFIGS}/")
        assert line.startswith(wanted) if wanted.endswith(": ") else line == wanted
    assert isinstance(load(file, actions=default_keys())[0], Settings)


def test_config_check_prints_problems_and_exits_with_1(bpost: Bpost) -> None:
    assert len(BROKEN) >= 30
    for file in [
        CONFIGS / "many-problems.toml",
        CONFIGS / "toml-twice.toml",
        CONFIGS / "not-utf-8.toml",
        CONFIGS / "keys-clash.toml",
    ]:
        checked = bpost.run("config", "check", "--config", str(file), code=1)
        assert [line.split(": ")[0] for line in checked.stdout.splitlines()] == [
            f"{CONFIGS}/{line.split(': ')[0]}" for line in EXPECTED if line.startswith(f"{file.name}:")
        ]
        assert checked.stderr == ""


@pytest.mark.pty
@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("many-problems", "config.toml:6: quit must be"),
        ("keys-takes-the-only-one", "config.toml:2: s was the only key of star"),
    ],
)
def test_reader_starts_with_a_broken_config_and_reports_it(bpost: Bpost, tmp_path: Path, name: str, problems: str) -> None:
    shutil.copy(CONFIGS / f"{name}.toml", bpost.config)
    with Terminal(["--portal", bpost.portal, "--text", "cells"], tmp_path) as terminal:
        terminal.wait_for("The Bengal Post", "Quit")
        terminal.type("q")
        assert terminal.end() == 0
        assert problems in "".join(terminal.main.display)


@pytest.mark.parametrize(
    ("name", "problems"), [("toml-twice", "config.toml:2: not valid TOML"), ("not-utf-8", "config.toml:2: can't be read")]
)
def test_verb_stops_when_its_config_is_unreadable(bpost: Bpost, name: str, problems: str) -> None:
    shutil.copy(CONFIGS / f"{name}.toml", bpost.config)
    for verb in (("list",), ("refresh",), ("read", "1"), ("doctor",)):
        stopped = bpost.run(*verb, code=2)
        assert problems in stopped.stderr and "bpost config edit" in stopped.stderr
        assert stopped.stdout == "" and not bpost.data.exists()
    assert problems in bpost.run("config", "check", code=1).stdout
    bpost.run("config", "path")
    bpost.run("--help")


def test_pipe_in_place_of_the_config_is_not_waited_for(bpost: Bpost) -> None:
    os.mkfifo(bpost.config)
    for verb in (("list",), ("config", "set", "theme", "night")):
        assert "config.toml: " in (stopped := bpost.run(*verb, code=None)).stderr and "not a regular file" in stopped.stderr
    assert "not a regular file" in bpost.run("config", "check", code=1).stdout


def test_config_check_exits_with_0_without_problems_or_file(bpost: Bpost) -> None:
    assert bpost.run("config", "check").stdout.endswith("config.toml: there is no such file, and none is needed\n")
    bpost.config.write_text('theme = "night"\n')
    assert bpost.run("config", "check").stdout.endswith("config.toml: no problems found\n")
    assert "কোথাও কোনও ভুল নেই" in bpost.run("config", "check", "--language", "bn").stdout
    bpost.run("config", "check", "--config", "none.toml", code=2)


def test_config_check_exits_with_0_if_there_are_only_warnings(bpost: Bpost) -> None:
    service = '[service]\naddress = "http://192.168.1.9:8080"\nuser = "me"\npassword = "x"\ninsecure_http = true\n'
    bpost.config.write_text(service)
    checked = bpost.run("config", "check").stdout
    assert "cross the network unencrypted" in checked and "a password is safer outside this file" in checked
    bpost.config.write_text(service + "nothing = 1\n")
    bpost.run("config", "check", code=1)


def test_config_check_finds_the_readers_own_theme(bpost: Bpost) -> None:
    themes = bpost.config.parent / "themes"
    themes.mkdir()
    (themes / "mine.toml").write_text(
        (Path(__file__).parents[2] / "themes" / "night.toml").read_text().replace('"night"', '"mine"')
    )
    bpost.config.write_text('theme = "mine"\n')
    bpost.run("config", "check")


# ── show ────────────────────────────────────────────────────────────────────


def test_config_show_is_toml_with_the_source_of_each_value(bpost: Bpost) -> None:
    bpost.config.write_text(
        'language = "en"\ntext = "mosaic"\nzoom_px = 0\ntheme = "a\\"\\u007fb"\n[keys]\nquit = ["Q", "ctrl+q"]\n'
    )
    shown = bpost.run("config", "--text", "cells").stdout
    lines = dict(line.split(" = ", 1) for line in shown.splitlines() if " = " in line)
    assert lines["portal"] == f'"{bpost.portal}"  # environment: BPOST_PORTAL'
    assert lines["language"] == '"en"  # file'
    assert lines["text"] == '"cells"  # option'
    assert lines["zoom_px"] == "0  # file"
    assert lines["text_width"] == "72  # default"
    table = tomllib.loads(shown)
    assert table["theme"] == 'a"\x7fb'
    assert table["keys"] == {"quit": ["Q", "ctrl+q"]}


def test_config_show_prints_the_named_setting_alone(bpost: Bpost) -> None:
    bpost.config.write_text('text_width = 60\n[keys]\nquit = ["Q", "ctrl+q"]\n')
    assert bpost.run("config", "show", "text_width").stdout == "text_width = 60  # file\n"
    assert bpost.run("config", "show", "keys").stdout == '[keys]\nquit = ["Q", "ctrl+q"]  # file\n'
    result = bpost.run("config", "show", "text_widht", "--language", "en", code=2)
    assert "text_widht is unknown" in result.stderr and "Did you mean text_width?" in result.stderr


def test_config_show_of_a_setting_without_a_value_is_no_empty_line(bpost: Bpost) -> None:
    alone = Bpost(bpost.home, "")
    alone.config.write_text('language = "en"\nportals = ["https://a.example", "https://b.example"]\n')
    for table in ("mute", "service", "keys"):
        assert alone.run("config", "show", table).stdout == f"[{table}]  # default\n"
    shown = alone.run("config", "show", "portal", code=1)
    assert (shown.stdout, shown.stderr) == (
        "",
        "bpost: portal isn't used, since portals says what to read\n`bpost portals` lists them.\n",
    )


def test_config_show_prefers_the_file_to_choices_by_key(bpost: Bpost, tmp_path: Path) -> None:
    state = tmp_path / ".local" / "state" / "bpost"
    state.mkdir(parents=True)
    (state / "choices.json").write_text('{"theme": "night", "zoom_px": 4}')
    bpost.config.write_text('theme = "sepia"\n')
    shown = bpost.run("config").stdout
    assert 'theme = "sepia"  # file' in shown
    assert "zoom_px = 4  # chosen with a key" in shown


def test_config_show_includes_mutes_made_by_key(bpost: Bpost, tmp_path: Path) -> None:
    with Library(tmp_path / ".local" / "share" / "bpost" / "library") as library:
        library.mutes.set_rule("tags", "IPL", on=True, now=NOW)
        library.mutes.set_rule("authors", "News Desk", on=True, now=NOW)
    bpost.config.write_text('[mute]\ntags = ["পুজো"]\nwords = ["ভোট"]\n')
    shown = bpost.run("config").stdout
    assert tomllib.loads(shown)["mute"] == {"words": ["ভোট"], "tags": ["পুজো", "IPL"], "authors": ["News Desk"]}
    lines = dict(line.split("  # ", 1) for line in shown.splitlines() if "  # " in line)
    assert lines['words = ["ভোট"]'] == "file"
    assert lines['tags = ["পুজো", "IPL"]'] == "file; chosen with a key"
    assert lines['authors = ["News Desk"]'] == "chosen with a key"


# ── default ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", [EN, BN], ids=["en", "bn"])
def test_default_config_uncommented_equals_the_defaults(language: Language, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    lines = list("\n".join(default_lines(language)).splitlines())
    file.write_text("\n".join(lines), encoding="utf-8")
    assert load(file, actions=default_keys()) == (Settings(), ())
    file.write_text("\n".join(line.removeprefix("#") if not line.startswith("# ") else line for line in lines), encoding="utf-8")
    settings, problems = load(file, actions=default_keys())
    assert problems == ()
    assert set(settings.keys) == set(default_keys())
    plain = {name for name, setting in SETTINGS.items() if setting.value}
    assert {name: to_toml(getattr(settings, name)) for name in plain} == {
        name: to_toml(getattr(Settings(), name)) for name in plain
    }


def test_config_schema_covers_every_setting(reading: Bpost) -> None:
    schema = json.loads(reading.run("config", "schema").stdout)
    assert set(schema["properties"]) == set(SETTINGS)
    assert schema["properties"]["zoom_px"] == {
        "type": "integer",
        "minimum": -12,
        "maximum": 64,
        "description": SETTINGS["zoom_px"].description,
        "default": 0,
    }
    assert set(schema["properties"]["keys"]["properties"]) == set(default_keys())
    validator = jsonschema.Draft202012Validator(schema)
    good = {"language": "bn", "mute": {"words": ["a"]}, "hooks": {"new_stories": "x"}, "keys": {"quit": ["Q"]}, "font": "/a.ttf"}
    assert list(validator.iter_errors(good)) == []
    for bad in ({"language": "fr"}, {"zoom_px": 99}, {"colour": 1}, {"mute": {"word": "x"}}, {"keys": {"qiut": "q"}}):
        assert list(validator.iter_errors(bad)), bad


def test_all_settings_are_described_in_bengali() -> None:
    assert set(SETTINGS) == set(Settings._fields)
    assert [each for each in SETTINGS.values() if BN.text(each.description) == each.description] == []


# ── edit ────────────────────────────────────────────────────────────────────

EDITOR = """
import sys, pathlib
words, file = sys.argv[1:-1], pathlib.Path(sys.argv[-1])
file.write_text(file.read_text(encoding="utf-8").replace("#zoom_px = 0", " ".join(words)), encoding="utf-8")
"""


def test_config_edit_creates_the_file_and_checks_it(bpost: Bpost, tmp_path: Path) -> None:
    (tmp_path / "my editor.py").write_text(EDITOR)
    editor = f"{sys.executable} '{tmp_path}/my editor.py' zoom_px = 900 '# $HOME; touch x'"
    edited = bpost.run("config", "edit", code=1, VISUAL=editor, EDITOR="false")
    assert edited.stdout.endswith("zoom_px must be a whole number from -12 to 64\n")
    text = bpost.config.read_text(encoding="utf-8")
    assert "zoom_px = 900 # $HOME; touch x" in text
    assert "# The address of the WordPress portal" in text
    again = bpost.run("config", "edit", VISUAL="", EDITOR="sed -i s/900/9/")
    assert again.stdout.endswith("no problems found\n")
    assert "zoom_px = 9 #" in bpost.config.read_text(encoding="utf-8")
    assert bpost.config.stat().st_mode & 0o777 == 0o600
    bpost.run("config", "edit", VISUAL="", EDITOR="chmod 644")  # as after an editor that writes a new file
    assert bpost.config.stat().st_mode & 0o777 == 0o600


def test_config_edit_creates_the_named_file(bpost: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mine.toml"
    bpost.run("config", "edit", "--config", str(file), EDITOR="true")
    assert "[keys]" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("editor", ["no-such-editor", "false", "'unbalanced"])
def test_config_edit_reports_a_failing_editor(bpost: Bpost, editor: str) -> None:
    problems = bpost.run("config", "edit", code=2, EDITOR=editor).stderr
    assert problems.startswith("bpost: ") and editor in problems


def test_config_edit_leaves_ctrl_c_to_the_editor(bpost: Bpost, tmp_path: Path) -> None:
    (tmp_path / "editor").write_text(
        f"#!{sys.executable}\nimport signal, sys\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(0))\n"
        f"print('ready', flush=True)\nsignal.pause()\n"
    )
    (tmp_path / "editor").chmod(0o755)
    env = bpost.environment(EDITOR=str(tmp_path / "editor"))
    with bpost.start("config", "edit", env=env, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read().endswith("no problems found\n")
    assert process.returncode == 0


# ── set ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "typed", "written"),
    [
        ("language", "bn", 'language = "bn"'),
        ("zoom_px", "2", "zoom_px = 2"),
        ("bangla_date", "bangladesh", 'bangla_date = "bangladesh"'),
        ("theme", '"night"', 'theme = "night"'),
    ],
)
def test_config_set_changes_only_one_value(bpost: Bpost, tmp_path: Path, name: str, typed: str, written: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('# mine\npictures = "never"  # too slow\n\n[keys]\nquit = ["Q"]\n')
    stderr = bpost.run("config", "set", name, typed, "--config", str(file)).stderr
    assert stderr == "A bpost that is open uses it from its next start.\n"
    assert file.read_text().replace(f"{written}\n", "") == '# mine\npictures = "never"  # too slow\n\n[keys]\nquit = ["Q"]\n'
    bpost.run("config", "check", "--config", str(file))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("theme", "nigt"), "Did you mean night?"),
        (("languge", "bn"), "Did you mean language?"),
        (("language", "fr"), 'must be "auto", "bn" or "en"'),
        (("keys", "q"), "more than one value"),
        (("theme",), "a value is missing\n`bpost config default` explains each setting.\n"),
        (("theme", "zzz"), "auto, "),
    ],
)
def test_config_set_rejects_a_bad_value_and_writes_nothing(
    bpost: Bpost, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    assert message in bpost.run("config", "set", *words, code=2).stderr
    assert not (tmp_path / ".config/bpost/config.toml").exists()


def test_config_set_refuses_the_portal_that_the_list_of_papers_replaces(bpost: Bpost) -> None:
    text = 'portals = ["https://a.example", "https://b.example"]\n'
    bpost.config.write_text(text)
    refused = bpost.run("config", "set", "portal", "https://c.example", code=2).stderr
    assert refused == "bpost: portal isn't used, since portals says what to read\n`bpost portals` lists them.\n"
    assert bpost.config.read_text() == text
    bpost.config.write_text("portals = []\n")
    bpost.run("config", "set", "portal", "https://c.example")


def test_config_set_reports_a_file_that_is_not_utf_8(bpost: Bpost) -> None:
    bpost.config.write_bytes(b"# \xff\n")
    stderr = bpost.run("config", "set", "language", "bn", code=2).stderr
    assert stderr.startswith("bpost: the config has an error, so that it can't be changed\nCorrect it first: `bpost config check`")
    assert bpost.config.read_bytes() == b"# \xff\n"


def test_config_set_names_the_error_that_stops_it(bpost: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('theme = "night"\n[[[\n')
    stderr = bpost.run("config", "set", "language", "bn", "--config", str(file), code=2).stderr
    assert stderr.startswith("bpost: the config has an error, so that it can't be changed\nCorrect it first: `bpost config check`")
    assert file.read_text() == 'theme = "night"\n[[[\n'
