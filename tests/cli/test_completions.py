"""Tests of completions and the manual page: all verbs and options, current committed copies, completion in real shells."""

from __future__ import annotations

import os
import pty
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bpost_tui.cli.shared.options import EVERYWHERE
from bpost_tui.cli.verbs import CONFIG_TASKS, SHELLS, VERBS
from bpost_tui.config import Settings
from bpost_tui.core.keys.actions import ACTIONS
from tests.cli.bpost_process import Bpost
from tools.manual_page import DOCS, documents

FLAGS = {
    flag for options in (EVERYWHERE, *(verb.options for verb in VERBS.values())) for option in options for flag in option.flags
}
BASH, ZSH, FISH = (DOCS / "completions" / shell for shell in ("bash", "zsh", "fish"))
FLAGS_OF_ALL = {flag for option in EVERYWHERE for flag in option.flags}
needs_zsh = pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh isn't installed")
needs_fish = pytest.mark.skipif(shutil.which("fish") is None, reason="fish isn't installed")


@pytest.mark.parametrize("name", sorted(documents()))
def test_committed_documents_match_the_source(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name], "write them: python -m tools.manual_page"


@pytest.mark.parametrize("name", sorted(documents()))
def test_documents_name_every_verb_and_option(name: str) -> None:
    text = documents()[name].replace("\\-", "-")
    assert [verb for verb in VERBS if verb not in text] == []
    wanted = FLAGS if "fish" not in name else {f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in FLAGS}
    assert [flag for flag in wanted if flag not in text] == []


def test_manual_names_every_setting_and_action() -> None:
    lines = documents()["bpost.1"].splitlines()
    for name in Settings._fields:
        assert any(line.startswith(f"\\fB{name}") for line in lines), name
    for action in ACTIONS:
        assert any(line.endswith(f"({action.id})") for line in lines), action.id
    assert {line.split()[0] for line in lines if line.startswith((".", "'"))} == {'.\\"', ".TH", ".SH", ".SS", ".TP", ".PP", ".B"}
    assert all("\\e(" not in line for line in lines)


@pytest.mark.parametrize("shell", SHELLS)
def test_completions_prints_the_script(bpost: Bpost, shell: str) -> None:
    assert bpost.run("completions", shell).stdout == (DOCS / "completions" / shell).read_text(encoding="utf-8")
    assert bpost.run("completions", shell, "--language", "bn").stdout


def test_completions_for_an_unknown_shell_are_refused(bpost: Bpost) -> None:
    bpost.run("completions", "tcsh", code=2)


def test_bash_script_loads_without_error() -> None:
    read = subprocess.run(["bash", "-n", BASH], capture_output=True, text=True)
    assert (read.returncode, read.stderr) == (0, "")


def complete(*words: str) -> set[str]:
    """Return the completions that bash offers for the last word."""
    run = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bpost; printf "%s\\n" "${COMPREPLY[@]}"'
    ran = subprocess.run(["bash", "--norc", "-c", run, "bash", BASH, *words], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["bpost", "re"], {verb for verb in VERBS if verb.startswith("re")}),
        (["bpost", "config", ""], {*CONFIG_TASKS} | FLAGS_OF_ALL),
        (["bpost", "import", ""], set()),
        (["bpost", "import", "--off"], {"--offline"}),
        (["bpost", "config", "ch"], {"check"}),
        (["bpost", "completions", "z"], {"zsh"}),
        (["bpost", "--language", ""], {"auto", "bn", "en"}),
        (["bpost", "--language", "=", "b"], {"bn"}),
        (["bpost", "--text", "="], {"auto", "pixels", "mosaic", "cells"}),
        (["bpost", "--portal", "list", "ref"], {"refresh"}),
        (["bpost", "--offline", "refresh", "--fu"], {"--full"}),
        (["bpost", "list", "--st"], {"--starred"}),
        (["bpost", "demo", "--st"], set()),
        (["bpost", "list", "-n", ""], set()),
        (["bpost", "mark", "un"], {"unread", "unstar", "unlater"}),
        (["bpost", "mark", "read", ""], FLAGS_OF_ALL),
    ],
)
def test_bash_completes_matching_words(words: list[str], offered: set[str]) -> None:
    assert complete(*words) == offered


def test_bash_completes_slugs_without_running_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("3 / 10  education  Education", "0 / 2  $(touch${IFS}ran)  x", "1 / 5  politics-2  Politics")
    (tmp_path / "categories").write_text("\n".join(lines))
    (tmp_path / "bpost").write_text(f"#!/bin/sh\nexec cat '{tmp_path / 'categories'}'\n")
    (tmp_path / "bpost").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    assert complete("bpost", "list", "-c", "") == {"education", "politics-2"}
    assert complete("bpost", "refresh", "--category", "ed") == {"education"}
    assert not (tmp_path / "ran").exists()


NAMED = ("নদী ও পাহাড়", "To read", "Today", "$(touch${IFS}ran)")


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a command `bpost` with names of every kind, and the kind, first on the path; return its folder."""
    (tmp_path / "names").write_text("\n".join(NAMED) + "\n")
    (tmp_path / "bpost").write_text(f"""#!/bin/sh\ncat '{tmp_path}/names'; echo "Tof $3"\n""")
    (tmp_path / "bpost").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


WITH_NAMES = [
    (["list", "-l"], "lists"),
    (["export", "--group"], "groups"),
    (["--portal"], "papers"),
    (["portals", "remove"], "papers"),
    (["portals", "rename"], "papers"),
    (["lists", "put"], "lists"),
    (["config", "set"], "settings"),
]


@pytest.mark.parametrize(("words", "kind"), WITH_NAMES, ids=lambda value: "-".join(value) if isinstance(value, list) else value)
def test_bash_completes_names_without_running_them(names: Path, words: list[str], kind: str) -> None:
    assert completed_lines(*words, "To") == ["To read", "Today", f"Tof {kind}"]
    assert completed_lines(*words, "To\\ r") == completed_lines(*words, '"To r') == ["To read"]
    assert completed_lines(*words, "নদী") == ["নদী ও পাহাড়"]
    assert completed_lines(*words, "$") == ["$(touch${IFS}ran)"]
    assert not (names / "ran").exists()


def test_bash_completes_no_names_for_other_tasks(names: Path) -> None:
    for words in (["portals", "add"], ["lists", "make"], ["config", "check"]):
        assert completed_lines(*words, "To") == [""]


def completed_lines(*words: str) -> list[str]:
    run = 'source "$1"; shift; COMP_WORDS=(bpost "$@"); COMP_CWORD=$#; _bpost; printf "%s\\n" "${COMPREPLY[@]}"'
    ran = subprocess.run(["bash", "--norc", "-c", run, "bash", BASH, *words], capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


@needs_fish
@pytest.mark.parametrize(("words", "kind"), WITH_NAMES, ids=lambda value: "-".join(value) if isinstance(value, list) else value)
def test_fish_completes_names(names: Path, words: list[str], kind: str) -> None:
    command = ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', str(FISH), f"bpost {' '.join(words)} To"]
    env = {"PATH": os.environ["PATH"], "HOME": str(names)}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert {line.partition("\t")[0] for line in ran.stdout.splitlines()} == {"To read", "Today", f"Tof {kind}"}


def test_completions_print_the_readers_names(reading: Bpost, bpost: Bpost) -> None:
    reading.run("lists", "make", "বিজ্ঞান")
    try:
        assert reading.run("completions", "lists").stdout == "বিজ্ঞান\n"
    finally:
        reading.run("lists", "delete", "বিজ্ঞান")
    assert bpost.run("completions", "lists").stdout == "" and not bpost.data.exists()
    assert bpost.run("completions", "settings").stdout.split() == sorted(Settings._fields)
    bpost.config.write_text(
        'portals = [{ address = "https://a.example/feed", kind = "feed", name = "Patrika", groups = ["World"] },'
        ' { address = "https://b.example/feed", kind = "feed", name = "Daily", groups = ["World", "Tech"] }]\n'
    )
    assert bpost.run("completions", "papers", BPOST_PORTAL=None).stdout == "Daily\nPatrika\n"
    assert bpost.run("completions", "groups", BPOST_PORTAL=None).stdout == "Tech\nWorld\n"


BASH_AT_WORK = pytest.param(["bash", "--norc", "--noprofile", "-i"], f"source '{BASH}'", id="bash")
ZSH_AT_WORK = pytest.param(["zsh", "-f", "-i"], f"autoload -U compinit; compinit -u -D; source '{ZSH}'", id="zsh", marks=needs_zsh)
AS_TYPED = """bpost() { printf 'GOT<%s>' "$@"; echo; }"""


@contextmanager
def typing_into(command: list[str], folder: Path, ready: str) -> Iterator[int]:
    """Yield the terminal of a shell that has run `ready`."""
    near, far = pty.openpty()
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "PS1": "", "INPUTRC": "/dev/null"}
    shell = subprocess.Popen(command, stdin=far, stdout=far, stderr=far, env=env, cwd=folder, start_new_session=True)
    try:
        os.write(near, f"{ready}; echo rea''dy\n".encode())
        wait_for(near, "ready\r\n")
        yield near
    finally:
        shell.kill()
        shell.wait()
        os.close(near)
        os.close(far)


@pytest.mark.parametrize(("command", "load"), [BASH_AT_WORK, ZSH_AT_WORK])
def test_shell_completes_by_tab(tmp_path: Path, command: list[str], load: str) -> None:
    (tmp_path / "my config.toml").touch()
    with typing_into(command, tmp_path, f"{AS_TYPED}; {load}") as terminal:
        os.write(terminal, b"bpost ref\t--fu\t--config my\t\n")
        assert "GOT<refresh>GOT<--full>GOT<--config>GOT<my config.toml>" in wait_for(terminal, "config.toml>")
        os.write(terminal, b"bpost --text mo\timport my\t\n")
        assert "GOT<--text>GOT<mosaic>GOT<import>GOT<my config.toml>" in wait_for(terminal, "config.toml>")


@pytest.mark.parametrize(("command", "load"), [BASH_AT_WORK, ZSH_AT_WORK])
def test_shell_completes_the_librarys_categories_by_tab(reading: Bpost, tmp_path: Path, command: list[str], load: str) -> None:
    real = shlex.join(
        ["env", *(f"{name}={value}" for name, value in reading.environment().items()), sys.executable, "-m", "bpost_tui"]
    )
    stub = f"""bpost() {{ if [ "$2" = categories ]; then {real} "$@"; else printf 'GOT<%s>' "$@"; echo; fi; }}"""
    with typing_into(command, tmp_path, f"{stub}; {load}") as terminal:
        os.write(terminal, b"bpost list -c fest\t\n")
        assert "GOT<list>GOT<-c>GOT<festival>" in wait_for(terminal, ">\r\n")
        os.write(terminal, b"bpost refresh --category fest\t\n")
        assert "GOT<refresh>GOT<--category>GOT<festival>" in wait_for(terminal, ">\r\n")


@pytest.mark.parametrize(("command", "load"), [BASH_AT_WORK, ZSH_AT_WORK])
@pytest.mark.parametrize("words", ["list -l", "portals remove", "config set"])
def test_shell_quotes_a_completed_name(tmp_path: Path, command: list[str], load: str, words: str) -> None:
    stub = """bpost() { if [ "$2" = completions ]; then echo 'The Bengal Post'; else printf 'GOT<%s>' "$@"; echo; fi; }"""
    with typing_into(command, tmp_path, f"{stub}; {load}") as terminal:
        os.write(terminal, f"bpost {words} The\t\n".encode())
        assert "GOT<The Bengal Post>" in wait_for(terminal, ">\r\n")


def wait_for(terminal: int, wanted: str) -> str:
    """Read a terminal until it shows `wanted`."""
    seen, until = "", time.monotonic() + 60
    while wanted not in seen:
        assert time.monotonic() < until, seen
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 65536).decode()
    return seen


@needs_zsh
def test_zsh_script_loads_without_error() -> None:
    read = subprocess.run(["zsh", "-f", "-n", ZSH], capture_output=True, text=True)
    assert (read.returncode, read.stderr) == (0, "")


@needs_fish
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("bpost ", set(VERBS)),
        ("bpost re", {verb for verb in VERBS if verb.startswith("re")}),
        ("bpost --language bn ref", {"refresh"}),
        ("bpost --language ", {"auto", "bn", "en"}),
        ("bpost --text=m", {"--text=mosaic"}),
        ("bpost config ", {*CONFIG_TASKS}),
        ("bpost config show --links", set()),
        ("bpost show --links", {"--links"}),
        ("bpost mark read --c", {"--config"}),
        ("bpost demo --st", set()),
        ("bpost list --sta", {"--starred"}),
        ("bpost list -n ", set()),
        ("bpost import st", {"stories.json"}),
        ("bpost open st", set()),
        ("bpost export -o st", {"stories.json"}),
    ],
)
def test_fish_completes_matching_words(tmp_path: Path, line: str, offered: set[str]) -> None:
    (tmp_path / "stories.json").touch()
    command = ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', str(FISH), line]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=env)
    assert {each.partition("\t")[0] for each in ran.stdout.splitlines()} == offered


@needs_fish
@pytest.mark.parametrize("line", ["bpost list -c fest", "bpost refresh --category fest"])
def test_fish_completes_the_librarys_categories(reading: Bpost, tmp_path: Path, line: str) -> None:
    (tmp_path / "bpost").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bpost_tui "$@"\n')
    (tmp_path / "bpost").chmod(0o755)
    command = ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', str(FISH), line]
    env = reading.environment(PATH=f"{tmp_path}:{os.environ['PATH']}")
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=env)
    assert [each.partition("\t")[0] for each in ran.stdout.splitlines()] == ["festival"]
