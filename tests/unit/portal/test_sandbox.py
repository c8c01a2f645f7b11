"""Sandbox of the parser process: rules for each kernel as tables, and real processes that attempt forbidden calls.

A kernel may lack Landlock or seccomp. The tests then require that `doctor` names the calls that aren't refused.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from errno import EACCES, EPERM
from pathlib import Path
from struct import iter_unpack

import pytest

from bpost_tui.cli.doctor import doctor_sandbox
from bpost_tui.i18n import choose_language
from bpost_tui.portal.parse_results import ParsedFeed, ParserTask
from bpost_tui.portal.worker import landlock, parser_process, sandbox, seccomp
from bpost_tui.portal.worker.parser_process import ParserProcess, query_sandbox
from bpost_tui.portal.worker.sandbox import RESOURCE_LIMITS, SandboxState
from tests.sandbox_attacker import ATTEMPTS, PRISONER, REFUSES

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WHOLE = SandboxState(7, True, True, tuple(RESOURCE_LIMITS.items()))


# ── kernel features ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("abi", "files", "tcp", "scopes"),
    [
        (1, 0x1FFF, 0, 0),
        (2, 0x3FFF, 0, 0),
        (3, 0x7FFF, 0, 0),
        (4, 0x7FFF, 3, 0),
        (5, 0xFFFF, 3, 0),
        (6, 0xFFFF, 3, 3),
        (7, 0xFFFF, 3, 3),
        (99, 0xFFFF, 3, 3),
    ],
)
def test_landlock_rights_match_the_abi(abi: int, files: int, tcp: int, scopes: int) -> None:
    assert landlock.rights_of_abi(abi) == (files, tcp, scopes)


def kernel() -> tuple[int, bool]:
    """Return the kernel's Landlock version and whether it has seccomp filters, read without the sandbox's code."""
    abi = int(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1)) if sys.platform == "linux" else 0
    status = Path("/proc/self/status")
    has_filters = status.exists() and "Seccomp_filters:" in status.read_text()
    return max(abi, 0), has_filters and platform.machine() in ("x86_64", "aarch64")


async def test_sandbox_uses_all_features_of_this_kernel() -> None:
    held = await query_sandbox()
    abi, has_filters = kernel()
    assert (held.landlock, held.seccomp) == (abi, has_filters)
    assert held.no_new_privileges is (sys.platform == "linux")
    limits = dict(held.limits)
    assert limits.keys() == RESOURCE_LIMITS.keys() - ({"AS"} if sys.platform == "darwin" else set())
    assert all(most <= RESOURCE_LIMITS[name] for name, most in limits.items())


def test_doctor_lists_the_sandboxs_restrictions() -> None:
    english = choose_language("en", {})
    whole = "read your files, write files, use the network, start programs"
    assert doctor_sandbox.summary_line(WHOLE, english) == f"{whole} (Landlock 7, seccomp, 200 MB of memory)"
    assert list(doctor_sandbox.advice(WHOLE, english)) == []
    assert doctor_sandbox.summary_line(SandboxState(), english) == "not restricted on this system"
    assert whole in next(doctor_sandbox.advice(SandboxState(), english))
    old = SandboxState(landlock=1)
    assert "use the network" in next(doctor_sandbox.advice(old, english)) and "use the network" not in doctor_sandbox.summary_line(
        old, english
    )
    assert old.refused == ("reading", "writing", "programs")
    assert SandboxState(landlock=4).refused == ("reading", "writing", "tcp", "programs")


# ── seccomp filter, interpreted as by the kernel ────────────────────────────

ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050000 | EPERM, 0x80000000


def verdict(program: bytes, number: int, arch: int, *arguments: int) -> int:
    """Return the kernel's answer to a system call under the filter `program`."""
    steps = list(iter_unpack("=HBBI", program))
    words = {0: number, 4: arch} | {16 + 8 * at: value & 0xFFFFFFFF for at, value in enumerate(arguments)}
    at = loaded = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        match code:
            case 0x20:
                loaded = words.get(value, 0)
            case 0x15:
                at += yes if loaded == value else no
            case 0x54:
                loaded &= value
            case 0x35:
                at += yes if loaded >= value else no
            case 0x06:
                return int(value)


@pytest.mark.parametrize("name", seccomp.ARCHITECTURES)
def test_filter_allows_only_the_listed_calls(name: str) -> None:
    machine = seccomp.ARCHITECTURES[name]
    program, plain, by_argument = (
        seccomp.bpf_program(machine),
        set(seccomp.allowed_calls(machine).values()),
        seccomp.argument_rules(machine),
    )
    for number in range(1100):
        if number not in {*by_argument, *seccomp.open_calls(machine)}:
            assert verdict(program, number, machine.audit_arch) == (ALLOWED if number in plain else REFUSED)
    for number, (argument, values) in by_argument.items():
        for value in {*range(2000), *range(0x5400, 0x5500), 0x8901, 0x8902, *values}:
            answer = verdict(program, number, machine.audit_arch, *[value if at == argument else 0xFFFF for at in range(6)])
            assert answer == (ALLOWED if value in values else REFUSED)
    for number, argument in seccomp.open_calls(machine).items():
        for flags in (os.O_RDONLY, os.O_RDONLY | os.O_CLOEXEC, os.O_RDONLY | os.O_DIRECTORY | os.O_NONBLOCK):
            assert (
                verdict(program, number, machine.audit_arch, *[flags if at == argument else 0xFFFF for at in range(6)]) == ALLOWED
            )
        for flags in (os.O_WRONLY, os.O_RDWR | os.O_CREAT, os.O_RDONLY | os.O_TRUNC, os.O_RDONLY | os.O_CREAT):
            assert verdict(program, number, machine.audit_arch, *[flags if at == argument else 0 for at in range(6)]) == REFUSED
    assert verdict(program, 0x40000000 | 1, machine.audit_arch) == REFUSED  # x32, on x86-64
    assert verdict(program, 1, 0x40000003) == KILLED  # 32-bit x86
    assert len(program) // 8 < 256  # jumps are counted in a byte


def test_filter_lists_each_system_call_once_with_its_number() -> None:
    x86, arm = (seccomp.allowed_calls(machine) for machine in seccomp.ARCHITECTURES.values())
    assert len(set(x86.values())) == len(x86) and len(set(arm.values())) == len(arm)
    names = ("read", "close", "mmap", "futex", "exit_group")
    assert [x86[name] for name in names] == [0, 3, 9, 202, 231]
    assert [arm[name] for name in names] == [63, 57, 222, 98, 94]
    assert (
        len(seccomp.open_calls(seccomp.ARCHITECTURES["x86_64"])),
        len(seccomp.open_calls(seccomp.ARCHITECTURES["aarch64"])),
    ) == (2, 1)
    assert (
        not {"socket", "execve", "clone", "kill", "ptrace", "sched_setattr", "ioprio_set", "inotify_init1", "getxattr"} & x86.keys()
    )


# ── attempts from within the sandbox ────────────────────────────────────────


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519").write_text("secret")
    yield tmp_path
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".ssh", "id_ed25519"]


def outcomes(
    home: Path, entering: str = "from bpost_tui.portal.worker import sandbox; sandbox.lock_down(sandbox.library_paths())"
) -> dict[str, int]:
    """Return the result of each attempt by its name: an error number, or 0 if it succeeded."""
    program = f"{entering}\n{ATTEMPTS}\nimport json\nprint(json.dumps(dict(attempts({str(home)!r}, 9))))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


async def test_sandboxed_process_cannot_make_refused_calls(home: Path) -> None:
    refused = (await query_sandbox()).refused
    found = outcomes(home)
    kept = {attempt for attempt, what in REFUSES.items() if what in refused}
    assert found.keys() == REFUSES.keys()
    assert {attempt: found[attempt] for attempt in kept if found[attempt] not in (EACCES, EPERM)} == {}
    if sys.platform == "linux" and kernel() == (7, True):
        assert kept == REFUSES.keys()


@pytest.mark.parametrize("abi", range(1, kernel()[0] + 1) or [0])
def test_landlock_of_each_abi_protects_files_and_tcp_from_abi_4(abi: int, home: Path) -> None:
    entering = (
        "import ctypes; ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"
        "from bpost_tui.portal.worker import landlock, sandbox\n"
        f"abi = {abi}\nif abi: landlock.restrict(sandbox.library_paths(), abi)"
    )
    found = outcomes(home, entering) if abi else {}
    files = {attempt for attempt, what in REFUSES.items() if what in ("reading", "writing", "programs")}
    assert {attempt for attempt in files if found.get(attempt) not in (EACCES, EPERM)} == (set() if abi else files)
    assert (found.get("connect") == EACCES) is (abi >= landlock.TCP_ABI)


@pytest.mark.skipif(not kernel()[1], reason="this kernel has no seccomp filters")
@pytest.mark.parametrize("abi", range(kernel()[0] + 1))
def test_filter_protects_other_processes_with_any_landlock_abi(abi: int, home: Path) -> None:
    entering = (
        "from bpost_tui.portal.worker import landlock, sandbox\n"
        f"landlock.kernel_abi = lambda: {abi}\nheld = sandbox.lock_down(sandbox.library_paths())\n"
        f"assert held.landlock == {abi} and held.seccomp, held"
    )
    found = outcomes(home, entering)
    kept = {attempt for attempt, what in REFUSES.items() if what in ("writing", "processes", "sockets", "tcp", "programs")}
    assert {attempt: found[attempt] for attempt in kept if found[attempt] not in (EACCES, EPERM)} == {}


def test_sandbox_without_kernel_features_still_sets_limits(home: Path) -> None:
    entering = (
        "from bpost_tui.portal.worker import landlock, sandbox, seccomp\n"
        "landlock.kernel_abi = lambda: 0\nseccomp.architecture = lambda: None\n"
        "held = sandbox.lock_down(sandbox.library_paths())\n"
        "assert held.landlock == 0 and not held.seccomp and not held.refused and len(held.limits) >= 4, held"
    )
    program = f"{entering}\nimport os\ntry:\n    os.open('x' * 9, 0)\nexcept FileNotFoundError:\n    print('ok')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60, cwd=home)
    assert done.stdout == "ok\n", done.stderr


async def test_parser_process_has_no_environment_and_no_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    monkeypatch.chdir(tmp_path)
    seen = PRISONER.format(
        attempts="import os\ndef attempts(*_): return {f'{sorted(os.environ)} {os.getcwd()}': 0}", home="", port=0
    )
    monkeypatch.setattr(parser_process, "_PROGRAM", seen)
    parser = ParserProcess()
    try:
        feed = await parser.parse(ParserTask("feed", "", "https://portal.example/feed", NOW, "feed"), b"<rss><channel/></rss>")
    finally:
        await parser.aclose()
    assert isinstance(feed, ParsedFeed)
    assert feed.stories[0].title in (
        "0 of 1 refused, [] / 0",
        "0 of 1 refused, ['LC_CTYPE'] / 0",
    )  # Python itself sets LC_CTYPE (PEP 538)


def test_library_paths_never_include_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(tmp_path.parent), "/", str(tmp_path / "lib"), *sys.path])
    readable = list(sandbox.library_paths())
    assert str(tmp_path / "lib") in readable
    assert not {"", "/", str(tmp_path), str(tmp_path.parent)}.intersection(readable)
    assert os.path.realpath(Path(landlock.__file__).parents[2]) in readable
