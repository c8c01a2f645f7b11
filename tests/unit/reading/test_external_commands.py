from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.errors import UsageError
from bpost_tui.model.story import Headline
from bpost_tui.reading.external_commands import Program, command_of, run_hook

CANARY = "খবর $(touch canary); `touch canary` | & > canary"


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_run_when_given_text_has_it_on_stdin_and_returns_what_was_written() -> None:
    assert Program(python("import sys; print(sys.stdin.read().upper(), end='')")).run("abc খবর") == "ABC খবর"


def test_run_when_a_list_knows_no_shell_and_when_a_line_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Program(("echo", CANARY)).run(CANARY) == f"{CANARY}\n"
    assert not (tmp_path / "canary").exists()
    assert Program("cat | tr a b").run("aa") == "bb"


@pytest.mark.parametrize("command", [("no-such-program-here",), ("/",), ("a\0b",)])
def test_run_when_it_cannot_be_started_says_which(command: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=command[0].split("\0")[0]):
        Program(command).run("x")


def test_run_when_it_fails_tells_its_last_line() -> None:
    with pytest.raises(UsageError, match="out of paper"):
        Program(python("import sys; print('first'); print('out of paper'); sys.exit(3)")).run("x")
    with pytest.raises(UsageError, match="status 3"):
        Program(python("import sys; sys.exit(3)")).run("x")


def test_run_when_it_takes_too_long_is_ended() -> None:
    with pytest.raises(UsageError, match="longer"):
        Program(python("import time; time.sleep(60)")).run("x", timeout_s=0.2)


def test_run_when_it_reads_nothing_of_much_is_no_error() -> None:
    assert Program(python("pass")).run("খবর" * 100_000) == ""


def test_stop_when_it_runs_ends_it_and_it_runs_no_more() -> None:
    program = Program(python("import time; print('began', flush=True); time.sleep(60)"))
    thread = threading.Thread(target=program.run, args=("x",))
    thread.start()
    while program._running is None:
        pass
    program.stop()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert program.run("y") == ""


def test_command_of_when_typed_is_split_without_a_shell() -> None:
    assert command_of("trans -b 'en:bn' $HOME") == ("trans", "-b", "en:bn", "$HOME")
    for line in ("", "  ", "a 'b"):
        with pytest.raises(UsageError):
            command_of(line)


def test_hook_when_run_is_told_the_stories_as_json(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    when = datetime(2026, 11, 24, tzinfo=UTC)
    texts = {"guid": "g", "title": "শিরোনাম [b]", "tag": "", "link": None, "author": "", "excerpt": "", "categories": ()}
    marks = {"read": False, "starred": False, "later": False, "full": True}
    row = Headline(id=7, published=when, modified=None, first_seen=when, **texts, **marks)  # type: ignore[arg-type]
    run_hook(python(f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())"), [row])
    (story,) = json.loads(told.read_text(encoding="utf-8"))
    assert (story["id"], story["title"], story["published"]) == (7, "শিরোনাম [b]", "2026-11-24T00:00:00Z")
