from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.core.external_programs import ExternalProgram, parse_command, run_hook
from bpost_tui.errors import ProgramError, UsageError
from tests.child_processes import processes_with, wait_until_gone
from tests.conftest import headline

CANARY = "খবর $(touch canary); `touch canary` | & > canary"


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_run_passes_text_on_stdin_and_returns_stdout() -> None:
    assert ExternalProgram(python("import sys; print(sys.stdin.read().upper(), end='')")).run("abc খবর") == "ABC খবর"


def test_run_uses_a_shell_for_a_line_but_not_for_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ExternalProgram(("echo", CANARY)).run(CANARY) == f"{CANARY}\n"
    assert not (tmp_path / "canary").exists()
    assert ExternalProgram("cat | tr a b").run("aa") == "bb"


@pytest.mark.parametrize("command", [("no-such-program-here",), ("/",), ("a\0b",)])
def test_run_names_the_program_when_it_cannot_start(command: tuple[str, ...]) -> None:
    with pytest.raises(ProgramError, match=command[0].split("\0")[0]):
        ExternalProgram(command).run("x")


def test_run_error_has_the_last_line_of_a_failing_program() -> None:
    with pytest.raises(ProgramError, match="out of paper"):
        ExternalProgram(python("import sys; print('first'); print('out of paper'); sys.exit(3)")).run("x")
    with pytest.raises(ProgramError, match="status 3"):
        ExternalProgram(python("import sys; sys.exit(3)")).run("x")


def test_run_ends_a_program_after_its_timeout() -> None:
    with pytest.raises(ProgramError, match="longer"):
        ExternalProgram(python("import time; time.sleep(60)")).run("x", timeout_s=0.2)


@pytest.mark.parametrize("line", ["sleep 61 & sleep 61", "sleep 61 | cat", "trap '' TERM; sleep 61 | cat"])
def test_run_ends_all_child_processes_after_its_timeout(line: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ProgramError, match="longer"):
        ExternalProgram(f"BPOST_TRIAL={os.getpid()} sh -c {shlex.quote(line)}").run("x", timeout_s=0.2)
    assert time.monotonic() - begun < 60
    wait_until_gone(f"BPOST_TRIAL={os.getpid()}")


def test_stop_ends_a_whole_pipeline() -> None:
    program = ExternalProgram(f"export BPOST_TRIAL=pipe{os.getpid()}; sleep 61 | sleep 61")
    thread = threading.Thread(target=program.run, args=("x",))
    thread.start()
    while len(processes_with(f"BPOST_TRIAL=pipe{os.getpid()}")) < 2:
        pass
    program.stop()
    thread.join(timeout=90)
    assert not thread.is_alive()
    wait_until_gone(f"BPOST_TRIAL=pipe{os.getpid()}")


def test_run_does_not_wait_for_a_daemon() -> None:
    begun = time.monotonic()
    assert ExternalProgram(f"export BPOST_TRIAL=daemon{os.getpid()}; sleep 61 & echo done").run("x") == "done\n"
    assert time.monotonic() - begun < 60
    while not (left := processes_with(f"BPOST_TRIAL=daemon{os.getpid()}")):
        pass  # a forked process has the variable only once it runs `sleep`
    assert len(left) == 1
    os.kill(left[0], signal.SIGKILL)


def test_run_keeps_64_kb_of_endless_output() -> None:
    tracemalloc.start()
    assert len(ExternalProgram(("head", "-c", "50000000", "/dev/zero")).run("")) == 64 << 10
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 1 << 20


def test_run_ends_the_program_when_interrupted() -> None:
    script = (
        "import os; from bpost_tui.core.external_programs import ExternalProgram;"
        "ExternalProgram(['sh', '-c', 'export BPOST_TRIAL=int' + str(os.getppid()) + '; sleep 61 | sleep 61']).run('')"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 90
    while len(processes_with(f"BPOST_TRIAL=int{os.getpid()}")) < 2 or len([*Path(f"/proc/{process.pid}/task").iterdir()]) < 2:
        assert time.monotonic() < until  # the reading thread has begun, so `run` is waiting for the program
    process.send_signal(signal.SIGINT)
    assert process.wait(90) != 0
    wait_until_gone(f"BPOST_TRIAL=int{os.getpid()}")


def test_run_ignores_unread_input() -> None:
    assert ExternalProgram(python("pass")).run("খবর" * 100_000) == ""


def test_stop_ends_a_running_program_for_good() -> None:
    program = ExternalProgram(python("import time; print('began', flush=True); time.sleep(60)"))
    thread = threading.Thread(target=program.run, args=("x",))
    thread.start()
    while program._running is None:
        pass
    program.stop()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert program.run("y") == ""


def test_typed_command_is_split_without_a_shell() -> None:
    assert parse_command("trans -b 'en:bn' $HOME") == ("trans", "-b", "en:bn", "$HOME")
    for line in ("", "  ", "a 'b"):
        with pytest.raises(UsageError):
            parse_command(line)


def test_hook_receives_the_stories_as_json(tmp_path: Path) -> None:
    written = tmp_path / "written.json"
    row = headline(7, title="শিরোনাম [b]", published=datetime(2026, 11, 24, tzinfo=UTC))
    run_hook(ExternalProgram(python(f"import sys; open({str(written)!r}, 'w').write(sys.stdin.read())")), [row], {})
    (story,) = json.loads(written.read_text(encoding="utf-8"))
    assert (story["id"], story["title"], story["published"]) == (7, "শিরোনাম [b]", "2026-11-24T00:00:00Z")
