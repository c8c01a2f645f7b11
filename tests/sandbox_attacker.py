"""Program of a hijacked parser: inside the sandbox, it tries everything that a parser may not do."""

from __future__ import annotations

ATTEMPTS = '''
import ctypes, fcntl, os, platform, socket

IOPRIO_SET = 251 if platform.machine() == "x86_64" else 30

def attempts(home, port):
    """Yield (what was tried, its error number, or 0 where it succeeded)."""
    libc = ctypes.CDLL(None, use_errno=True)
    def tried(name, do):
        try:
            do()
        except OSError as error:
            return name, error.errno
        return name, 0
    def call(function, *arguments):
        if getattr(libc, function)(*arguments) < 0:
            raise OSError(ctypes.get_errno(), function)
    def connected():
        with socket.socket() as line:
            line.connect(("127.0.0.1", port))
    def forked():
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    def ran():
        try:
            child = os.fork()
        except OSError:
            child = 0
        if child == 0:
            try:
                os.execv("/bin/true", ["true"])
            except OSError as error:
                if os.getpid() == own:
                    raise
                os._exit(error.errno)
        if error := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise OSError(error, "execv")
    own = os.getpid()
    key = os.path.join(home, ".ssh", "id_ed25519")
    yield tried("read a key", lambda: open(key).close())
    yield tried("list the home folder", lambda: os.listdir(home))
    yield tried("read another process", lambda: open(f"/proc/{os.getppid()}/environ").close())
    yield tried("read the users", lambda: open("/etc/passwd").close())
    yield tried("write a file", lambda: open(os.path.join(home, "written"), "w").close())
    yield tried("write to a terminal", lambda: os.open("/dev/tty", os.O_WRONLY))
    yield tried("make a folder", lambda: os.mkdir(os.path.join(home, "made")))
    yield tried("remove a file", lambda: os.unlink(key))
    yield tried("make a link", lambda: os.symlink(key, os.path.join(home, "link")))
    yield tried("change a mode", lambda: os.chmod(key, 0o777))
    yield tried("connect", connected)
    yield tried("ask a name server", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close())
    yield tried("open a socket of this machine", lambda: socket.socket(socket.AF_UNIX).close())
    yield tried("trace its parent", lambda: call("ptrace", 16, os.getppid(), 0, 0))
    yield tried("signal its parent", lambda: os.kill(os.getppid(), 0))
    yield tried("own a pipe's signals", lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()))
    yield tried("choose their number", lambda: fcntl.fcntl(0, 10, 9))
    yield tried("own a socket's signals", lambda: fcntl.ioctl(0, 0x8901, b"\\0" * 4))
    yield tried("type into a terminal", lambda: fcntl.ioctl(0, 0x5412, b"x"))
    yield tried("idle its parent", lambda: os.sched_setscheduler(os.getppid(), os.SCHED_IDLE, os.sched_param(0)))
    yield tried("pin its parent", lambda: os.sched_setaffinity(os.getppid(), {0}))
    yield tried("starve its parent's disk", lambda: call("syscall", ctypes.c_long(IOPRIO_SET), 1, os.getppid(), 3 << 13))
    yield tried("watch a file", lambda: call("inotify_init1", 0))
    yield tried("read a file's attributes", lambda: os.getxattr(key, "user.x"))
    yield tried("fork", forked)
    yield tried("run a program", ran)
'''

REFUSES = {
    **dict.fromkeys(("read a key", "list the home folder", "read another process", "read the users"), "reading"),
    **dict.fromkeys(("write a file", "write to a terminal", "make a folder", "remove a file", "make a link"), "writing"),
    **dict.fromkeys(("change a mode", "trace its parent", "signal its parent", "fork"), "processes"),
    **dict.fromkeys(("own a pipe's signals", "choose their number", "own a socket's signals", "type into a terminal"), "processes"),
    **dict.fromkeys(("idle its parent", "pin its parent", "starve its parent's disk"), "processes"),
    **dict.fromkeys(("watch a file", "read a file's attributes"), "processes"),
    "connect": "tcp",
    **dict.fromkeys(("ask a name server", "open a socket of this machine"), "sockets"),
    "run a program": "programs",
}
"""Attempt → the entry of `SandboxState.refused` that refuses it; "processes" is refused by seccomp, as are modes."""

PRISONER = """
import sys
sys.path[:] = sys.argv[1:]
{attempts}
import os
from bpost_tui.portal.worker import parser_worker
from bpost_tui.model.story import Story
from bpost_tui.portal.feed.feed_parser import parse_feed

def feed(task, body):
    ended = dict(attempts({home!r}, {port}))
    done = [what for what, error in ended.items() if error not in (1, 13)]
    told = f"{{len(ended) - len(done)}} of {{len(ended)}} refused" + "".join(f", {{what}} {{ended[what]}}" for what in done)
    parsed = parse_feed(body, task.content_type, task.address, now=task.now)
    return parsed._replace(stories=(Story("urn:prisoner", told, published=task.now), *parsed.stories))

parser_worker._TASKS = {{**parser_worker._TASKS, "feed": feed}}
parser_worker.main()
"""
"""Program for `parser_process._PROGRAM`: an honest parser, except that a story reports the results of its attempts."""
