"""Signals that end the process, even if Python ignores the KeyboardInterrupt that they raise."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

IN_A_FINALISER = dedent("""
    import os, signal, sys, time
    from bpost_tui.signals import handle_signals

    class Held:
        def __del__(self):
            os.kill(os.getpid(), int(sys.argv[1]))
            time.sleep(0.05)

    received = handle_signals()
    try:
        Held()
        os.write(1, b"ignored\\n")  # in one call: print writes the line and its end apart, and may be interrupted between
        time.sleep(20)
    except KeyboardInterrupt:
        sys.exit(128 + (received[0] if received else signal.SIGINT))
""")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_interrupt_ignored_by_python_is_raised_again(number: signal.Signals) -> None:
    ended = subprocess.run([sys.executable, "-c", IN_A_FINALISER, str(int(number))], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + number, "ignored\n", "")


def test_interrupt_ignored_by_python_is_raised_again_on_a_busy_machine() -> None:
    """Let the thread that interrupts again run before the hook that starts it has returned."""
    program = IN_A_FINALISER.replace(
        "received = handle_signals()",
        "import threading\nstart = threading.Thread.start\n"
        "threading.Thread.start = lambda thread: (start(thread), time.sleep(0.1))\nreceived = handle_signals()",
    )
    ended = subprocess.run([sys.executable, "-c", program, "15"], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "ignored\n", "")


def test_interrupt_within_exec_gives_the_usual_exit_status(tmp_path: Path) -> None:
    """Keep the usual exit status for a module that is run; by default CPython's Py_RunMain would kill the process."""
    module = dedent("""
        import os, time
        from bpost_tui.__main__ import main
        from bpost_tui.cli import main as command_line

        def run(*_):
            exec("os.kill(os.getpid(), 2); time.sleep(5)")

        command_line.run = run
        main()
    """)
    (tmp_path / "interrupted.py").write_text(module, encoding="utf-8")
    ended = subprocess.run([sys.executable, "-m", "interrupted"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGINT, "")


def test_other_errors_ignored_by_python_are_printed() -> None:
    program = "from bpost_tui.signals import handle_signals\nhandle_signals()\nclass A:\n  def __del__(self): 1 / 0\nA()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0 and "ZeroDivisionError" in ended.stderr
