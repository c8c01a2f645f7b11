"""Tests of command-line conventions for every verb: options, exit statuses, poor environments, bugs, signals."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bpost_tui import __version__
from bpost_tui.cli.show import wrapped
from bpost_tui.cli.verbs import VERBS
from bpost_tui.console import without_controls
from bpost_tui.errors import StoreError
from bpost_tui.typesetting.text.graphemes import cell_width
from tests.cli.bpost_process import Bpost

_TYPED = {"STORY": "999999", "QUERY": "নেই", "FILE": "-"}
"""Values for the arguments that a verb needs: a story and words that no library has, and an empty stdin."""
OUTCOMES = {
    "read": 2,
    "demo": 2,
    "service": 2,
    "import": 4,
    **dict.fromkeys(("search", "show", "card", "open", "mark", "export", "passages", "digest", "listen"), 1),
}
"""Verbs that can't exit with 0 in an empty library → their exit status. Verbs that aren't here exit with 0.

They need a terminal, or a service in the config; their input is no JSON; or they find nothing.
"""
JSON_OF_NOTHING = {"show": "there is no story to print", "service": "there is no service to describe"}
"""Verbs whose `--json` prints nothing in an empty library → why."""


def least(verb: str) -> list[str]:
    """Return a verb with the arguments that it needs; a new kind of argument needs an entry in `_TYPED`."""
    needed = [argument for argument in VERBS[verb].arguments if not argument.is_optional]
    return [verb, *(argument.choices[0] if argument.choices else _TYPED[argument.value] for argument in needed)]


# ── options ─────────────────────────────────────────────────────────────────


def test_version_is_printed(bpost: Bpost) -> None:
    for arguments in (("--version",), ("list", "--version")):
        assert bpost.run(*arguments).stdout == f"bpost {__version__}\n"


@pytest.mark.parametrize("language", ["en", "bn"])
def test_help_names_every_verb(bpost: Bpost, language: str) -> None:
    text = bpost.run("--help", "--language", language).stdout
    assert all(f"    {verb} " in text for verb in VERBS)
    assert ("নির্দেশ" in text) is (language == "bn")


@pytest.mark.parametrize("verb", VERBS)
def test_verb_prints_its_own_help(bpost: Bpost, verb: str) -> None:
    for language in ("en", "bn"):
        result = bpost.run(verb, "--help", "--language", language)
        assert f"bpost {verb}" in result.stdout and result.stderr == ""
        flags = [flag for option in VERBS[verb].options for flag in option.flags]
        assert [flag for flag in flags if flag not in result.stdout] == []
    assert not bpost.data.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_unknown_option_gives_two_lines_and_status_2(bpost: Bpost, verb: str) -> None:
    result = bpost.run(*least(verb), "--frobnicate", "--language", "en", code=2)
    assert result.stdout == "" and result.stderr.startswith("bpost: ") and result.stderr.count("\n") == 2
    assert not bpost.data.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_verb_in_an_empty_library_keeps_errors_on_stderr(bpost: Bpost, verb: str) -> None:
    result = bpost.run(*least(verb), "--language", "en", code=None)
    assert result.returncode == OUTCOMES.get(verb, 0)
    assert result.stderr.startswith("bpost: ") if result.returncode else "bpost: " not in result.stderr
    assert all(len(line) < 200 for line in result.stderr.splitlines())


@pytest.mark.parametrize("verb", [verb for verb in VERBS if any("--json" in option.flags for option in VERBS[verb].options)])
def test_verb_with_json_prints_only_json(bpost: Bpost, verb: str) -> None:
    result = bpost.run(*least(verb), "--json", "--language", "bn", code=OUTCOMES.get(verb, 0))
    assert verb in JSON_OF_NOTHING or isinstance(json.loads(result.stdout), dict | list)
    assert verb not in JSON_OF_NOTHING or result.stdout == ""


@pytest.mark.parametrize("verb", VERBS)
def test_verb_works_in_a_poor_environment(bpost: Bpost, verb: str, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    poor = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii", "TERM": "dumb"}
    poor |= {"TZ": "Nowhere/At_All", "COLUMNS": "1"}
    ended = subprocess.run(
        [sys.executable, "-m", "bpost_tui", *least(verb), "--language", "bn"],
        env=bpost.environment(**poor),
        cwd=here,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == OUTCOMES.get(verb, 0)
    assert "Traceback" not in ended.stdout + ended.stderr
    assert list(here.iterdir()) == []


def test_global_options_work_before_and_after_the_verb(bpost: Bpost, tmp_path: Path) -> None:
    there = str(tmp_path / "there")
    bpost.run("--data-dir", there, "refresh")
    before = bpost.run("--data-dir", there, "list").stdout
    assert before
    assert bpost.run("list", "--data-dir", there).stdout == before
    assert bpost.run("--language", "bn", "list", "--data-dir", there, "--offline", "-n", "1").stdout.count("\n") == 1
    assert not bpost.data.exists()


def test_portal_option_wins_over_environment_and_config(bpost: Bpost) -> None:
    bpost.config.write_text('portal = "http://127.0.0.1:7/config/"\n')
    results = [
        bpost.run("refresh", code=3, BPOST_PORTAL=None),
        bpost.run("refresh", code=3, BPOST_PORTAL="http://127.0.0.1:7/environment/"),
        bpost.run("refresh", "--portal", "http://127.0.0.1:7/option/", code=3),
    ]
    assert [re.findall(r"127.0.0.1:7/(\w+)/feed", result.stderr)[0] for result in results] == ["config", "environment", "option"]
    assert [path.name for path in bpost.data.iterdir()] == ["library"]  # of all papers


def test_named_config_is_read_and_its_problems_reported(bpost: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('language = "bn"\nzoom = 1\n[keys]\nquti = "q"\n')
    result = bpost.run("list", "--config", str(file)).stderr
    assert f"{file}:2: zoom বলে কিছু নেই" in result
    assert f"{file}:4: quti বলে কিছু নেই; quit বলতে চেয়েছেন কি?" in result
    bpost.run("list", "--config", str(tmp_path / "none.toml"), code=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["--frob"],
        ["list", "-n", "-1"],
        ["list", "-n", "x"],
        ["list", "--lang", "bn"],
        ["refresh", "--pages", "some"],
        ["--portal", "ftp://example.org", "list"],
        ["list", "--portal", ""],
        ["--language", "fr", "list"],
        ["--language"],
        ["show"],
    ],
)
def test_usage_error_is_one_line_and_a_hint(bpost: Bpost, arguments: list[str]) -> None:
    result = bpost.run(*arguments, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("bpost: ")
    assert result.stderr.count("\n") == 2


def test_bad_portal_in_the_environment_is_reported(bpost: Bpost) -> None:
    assert "isn't a portal's address" in bpost.run("list", code=2, BPOST_PORTAL="gopher://x").stderr


@pytest.mark.parametrize("term", ["dumb", "xterm", None])
@pytest.mark.parametrize("verb", [[], ["read"], ["demo"]])
def test_reader_without_a_terminal_reports_it(bpost: Bpost, verb: list[str], term: str | None) -> None:
    result = bpost.run(*verb, code=2, TERM=term).stderr
    assert "needs a terminal" in result and "`bpost --plain`" in result


def test_read_of_an_unknown_story_is_not_found(bpost: Bpost) -> None:
    bpost.run("read", "12345", code=1)


# ── poor surroundings ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": None},
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb"},
        {"TZ": "Nowhere/At_All"},
        {"COLUMNS": "1"},
    ],
)
def test_list_prints_utf_8_in_a_poor_locale(reading: Bpost, locale: dict[str, Any]) -> None:
    assert "বাংলা" in reading.run("list", **locale).stdout


@pytest.mark.parametrize("home", ["/proc/no/such", "/dev/null"])
def test_list_with_a_bad_home_suggests_data_dir(bpost: Bpost, home: str) -> None:
    result = bpost.run("list", code=5, HOME=home)
    assert "--data-dir" in result.stderr


def test_list_without_a_home_makes_no_folder_here(bpost: Bpost, tmp_path: Path) -> None:
    for home in (None, "", "relative"):
        ended = subprocess.run(
            [sys.executable, "-m", "bpost_tui", "list", "--data-dir", str(tmp_path / "data")],
            env=bpost.environment(HOME=home),
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
        )
        assert ended.returncode in (0, 5), ended.stderr
        assert "Traceback" not in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] in ([], ["data"])


def test_list_into_a_closed_pipe_is_quiet(reading: Bpost) -> None:
    pipe_in, pipe_out = os.pipe()
    os.close(pipe_in)
    listing = reading.start("list", stdout=pipe_out, stderr=subprocess.PIPE)
    os.close(pipe_out)
    assert listing.communicate()[1] == ""
    assert listing.returncode == 141


def in_shell(bpost: Bpost, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command by a shell, with its redirections of the standard files."""
    words = ["sh", "-c", f'"{sys.executable}" -m bpost_tui {command}']
    return subprocess.run(words, env=bpost.environment(), capture_output=True, encoding="utf-8")


@pytest.mark.parametrize(("redirect", "code"), [("<&-", 0), (">&-", 5), ("2>&-", 0), ("<&- >&- 2>&-", 5), (">/dev/full", 5)])
def test_list_with_a_closed_standard_file_has_no_traceback(reading: Bpost, redirect: str, code: int) -> None:
    ended = in_shell(reading, f"list {redirect}")
    assert ended.returncode == code
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("--help >/dev/full", 5),
        ("list --version >/dev/full", 5),
        ("passages --json >/dev/full", 1),
        ("--frob 2>/dev/full", 2),
        ("show 99999 2>/dev/full", 1),
    ],
)
def test_lost_output_does_not_change_the_status_of_an_error(reading: Bpost, command: str, code: int) -> None:
    ended = in_shell(reading, command)
    assert ended.returncode == code
    assert "Exception" not in ended.stderr and ended.stderr.count("\n") <= 1


@pytest.mark.parametrize("arguments", ["mark read -", "import -"])
def test_closed_stdin_is_reported_by_verbs_that_read_it(reading: Bpost, arguments: str) -> None:
    ended = in_shell(reading, f"{arguments} <&-")
    assert (ended.returncode, ended.stderr) == (2, "bpost: stdin: Bad file descriptor\n")


def test_refresh_without_standard_files_writes_only_its_library(bpost: Bpost) -> None:
    in_shell(bpost, "refresh <&- >&- 2>&-")
    assert bpost.run("unread", "--count").stdout == "10\n"


def test_new_folders_are_private_to_the_reader(reading: Bpost) -> None:
    for folder in (reading.data, *reading.data.iterdir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# ── bugs and signals ────────────────────────────────────────────────────────


@pytest.mark.parametrize(("language", "words"), [("en", "This is a bug in bpost"), ("bn", "bpost-এ একটি ত্রুটি ধরা পড়েছে")])
def test_bug_gives_one_line_a_report_and_status_70(bpost: Bpost, language: str, words: str) -> None:
    broken = (  # the words are escaped: from Python 3.13 on, a traceback shows the source of `-c`, which is no story's text
        "import sys, bpost_tui.cli.list as listing\n"
        "def list_(call, console):\n"
        f"    try:\n        int({'গোপন কথা'!a})\n"
        f"    except ValueError as error:\n        raise KeyError({'আর এক কথা'!a}) from error\n"
        "listing.list_ = list_\nfrom bpost_tui.cli.main import run\nsys.exit(run(sys.argv[1:]))\n"
    )
    ended = bpost.python(broken, "list", "--language", language)
    assert (ended.returncode, ended.stdout) == (70, "")
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
    report = next((bpost.home / ".local" / "state" / "bpost").glob("bug-*.txt"))
    assert str(report) in ended.stderr
    text = report.read_text(encoding="utf-8")
    assert "KeyError" in text and "ValueError" in text and "in list_" in text
    assert "কথা" not in text
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_refresh_stopped_by_a_signal_ends_soon_and_quietly(bpost: Bpost, signum: int, code: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        silent.settimeout(60)
        refresh = bpost.start("refresh", "--portal", address, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        connection, _ = silent.accept()
        with connection:
            connection.recv(1)
            refresh.send_signal(signum)
            out, err = refresh.communicate(timeout=60)
    assert refresh.returncode == code
    assert (out, err) == ("", "")


def test_refresh_under_nohup_survives_a_hangup(bpost: Bpost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as portal:
        address = f"http://127.0.0.1:{portal.getsockname()[1]}"
        portal.settimeout(60)
        refresh = subprocess.Popen(
            ["nohup", sys.executable, "-m", "bpost_tui", "refresh", "--portal", address],
            env=bpost.environment(),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        connection, _ = portal.accept()
        with connection:
            assert connection.recv(65536).endswith(b"\r\n\r\n")  # the whole request: a connection closed with unread bytes is reset
            refresh.send_signal(signal.SIGHUP)
            connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
        _, err = refresh.communicate(timeout=60)
    assert refresh.returncode == 3
    assert "the server answered 404 Not Found" in err


# ── the pure parts ──────────────────────────────────────────────────────────


def test_terminal_commands_in_text_are_replaced() -> None:
    assert without_controls("a\x1b[31m\x00\x7f\x9b\u202e\u2066b\n\tc") == "a\ufffd[31m\ufffd\ufffd\ufffd\ufffd\ufffdb\n\tc"
    bengali = "র‍্যাব উদ্‌যাপন ক্ষ 🎉"
    assert without_controls(bengali) == bengali


def test_wrapped_when_words_fit_breaks_between_them() -> None:
    assert wrapped("ab cd ef", 5) == ["ab cd", "ef"]
    assert wrapped("", 5) == [""]
    assert wrapped("ab\ncd", 5) == ["ab", "cd"]


@pytest.mark.parametrize("cells", [1, 2, 7, 40])
def test_wrapped_when_narrow_keeps_every_cluster_whole(cells: int) -> None:
    text = "ভিত্তিপ্রস্তরস্থাপনকারী স্বাস্থ্যমন্ত্রকের (HS Results 2024) দু’টি অ্যাপ।"
    lines = wrapped(text, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not [line for line in lines if line[:1] in "\u09cd\u09be\u09bf\u200d"]
    assert cells < 5 or max(map(cell_width, lines)) <= cells


@pytest.mark.parametrize("verb", [("list",), ("export",), ("list", "-q", "x")])
def test_unknown_category_has_the_same_message_everywhere(reading: Bpost, verb: tuple[str, ...]) -> None:
    done = reading.run("--offline", "--language", "en", *verb, "-c", "nosuch", code=1)
    assert done.stderr == "bpost: no category 'nosuch' in the library\n`bpost categories` lists them.\n"
    done = reading.run("--offline", "--language", "en", *verb, "-c", "festivl", code=1)
    assert done.stderr == "bpost: no category 'festivl' in the library\nDid you mean festival?\n"


@pytest.mark.parametrize("pages", [(), ("--pages", "all")])
def test_refresh_reports_a_category_unknown_to_the_portal(saved: Bpost, pages: tuple[str, ...]) -> None:
    done = saved.run("--language", "en", "refresh", "-c", "festivl", *pages, code=1)
    assert (done.stdout, done.stderr) == ("", "the portal has no category 'festivl', or nothing in it\nDid you mean festival?\n")
    result = saved.run("--language", "en", "fetch", "-c", "nosuch", code=1).stderr
    assert "the portal has no category 'nosuch'" in result and "http" not in result


def test_missing_story_folder_or_portal_is_reported(bpost: Bpost, reading: Bpost, tmp_path: Path) -> None:
    assert "bpost: no story 99999 in the library" in reading.run("--language", "en", "mark", "read", "99999", code=1).stderr
    assert "No story was named" in reading.run("--language", "en", "mark", "read", "-", code=1).stderr
    assert "“all”" in reading.run("--language", "en", "refresh", "--pages", "x", code=2).stderr
    done = reading.run("--language", "en", "export", "-o", str(tmp_path / "nodir" / "x"), code=StoreError.exit_code)
    assert f"{tmp_path / 'nodir'}: there is no such folder" in done.stderr
    for word in ("nonsense", "demo"):
        done = bpost.run("--language", "en", "--portal", word, "list", code=2)
        assert f"“{word}” isn't a portal's address" in done.stderr and not bpost.data.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("config", "check", "--config", "{}"),
        ("config", "set", "language", "bn", "--config", "{}"),
        ("list", "--config", "{}"),
        ("doctor", "--data-dir", "{}"),
        ("portals", "--data-dir", "{}"),
        ("export", "--format", "html", "-o", "{}/x.html"),
        ("listen", "-o", "{}"),
    ],
)
def test_impossible_file_name_is_reported_in_one_line(reading: Bpost, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    named = str(tmp_path / ("x" * 300))
    done = reading.run("--language", "en", *(each.format(named) for each in arguments), code=StoreError.exit_code)
    assert done.stderr.startswith("bpost: ") and named in done.stderr and done.stderr.endswith(": File name too long\n")


def test_config_check_continues_after_an_impossible_font_name(bpost: Bpost) -> None:
    bpost.config.write_text(f'font = ["/{"x" * 300}", "/nowhere.ttf"]\n', encoding="utf-8")
    lines = bpost.run("--language", "en", "config", "check", code=1).stdout.splitlines()
    assert ["there is no file" in line for line in lines] == [True, True]
