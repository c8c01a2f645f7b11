"""Terminal emulator for tests: xterm.js, the terminal of VS Code, in a window of Chromium.

    python tests/terminals/xterm_js.py POINTS COLSxROWS WIDTHxHEIGHT ADDON,… COMMAND…

xterm.js runs only in a web page, and a page has no pseudo-terminals. The usual bridge, node-pty behind a websocket, would need Node
for the tests. So a server on the loopback interface reads and writes the pseudo-terminal: the page gets the command's output as one
response that ends with the command, and posts keys and sizes one after the other.
"""

from __future__ import annotations

import functools
import json
import os
import pty
import shutil
import subprocess
import sys
import termios
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ADDONS = {"image": "ImageAddon", "webgl": "WebglAddon", "unicode11": "Unicode11Addon"}
"""Maps addons of xterm.js (names of packages after `@xterm/addon-`) to the names of their namespaces and constructors."""
ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TERM_PROGRAM": "vscode"}
"""Variables that VS Code sets in its terminal."""
_READ_BYTES = 1 << 16
_CHROMIUM = (
    "chromium", "--no-sandbox", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-quic", "--disable-gpu-vsync", "--force-device-scale-factor=1", "--kiosk",
    "--window-position=0,0",
    "--no-zygote",  # processes forked by a zygote lose the environment that shows whose they are
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
_PAGE = """<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="/xterm.css">
<style>html, body {{margin: 0; overflow: hidden; background: #000}}</style>
<div id="screen"></div>
<script src="/xterm.js"></script>
{scripts}
<script>
const terminal = new Terminal({{
  cols: {cols}, rows: {rows}, fontSize: {points} * 96 / 72, fontFamily: "monospace", scrollback: 0, allowProposedApi: true,
  // as VS Code sets them; it changes colours of letters, but not of blocks, for the least contrast
  minimumContrastRatio: 4.5, rescaleOverlappingGlyphs: true,
  windowOptions: {{getWinSizePixels: true, getCellSizePixels: true, getWinSizeChars: true}},
}});
terminal.open(document.getElementById("screen"));
for (const addon of {addons}) terminal.loadAddon(new window[addon][addon]());
terminal.unicode.activeVersion = terminal.unicode.versions.at(-1);
let posted = Promise.resolve();
const post = (path, body) => posted = posted.then(() => fetch(path, {{method: "POST", body}}));
terminal.onData(typed => post("/typed", typed));
terminal.onBinary(typed => post("/typed", Uint8Array.from(typed, letter => letter.charCodeAt(0))));
terminal.onResize(size => post(`/size/${{size.cols}}x${{size.rows}}`));
addEventListener("resize", () => {{
  const shown = document.querySelector(".xterm-screen").getBoundingClientRect();
  terminal.resize(Math.floor(innerWidth * terminal.cols / shown.width), Math.floor(innerHeight * terminal.rows / shown.height));
}});
terminal.focus();
fetch("/output").then(async answer => {{
  const output = answer.body.getReader();
  for (let part = await output.read(); !part.done; part = await output.read())
    await new Promise(written => terminal.write(part.value, written));
}});
</script>
"""


@functools.cache
def packages() -> Path | None:
    """Return the folder of the packages for xterm.js that `npm install --global` has installed; None if any is missing."""
    if shutil.which("npm") is None:
        return None
    root = subprocess.run(["npm", "root", "--global"], capture_output=True, text=True, check=True)
    folder = Path(root.stdout.strip(), "@xterm")
    return folder if all((folder / name).is_dir() for name in ("xterm", *(f"addon-{name}" for name in ADDONS))) else None


class _Server(ThreadingHTTPServer):
    """HTTP server for a page with xterm.js and its files, and for the output and input of the pseudo-terminal `master`."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes], master: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.master = master


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Send a file, or the command's output until the command ends."""
        if self.path == "/output":
            self._send_output()
            return
        body = self.server.files.get(self.path)
        self.send_response(404 if body is None else 200)
        kind = {".js": "text/javascript", ".css": "text/css"}.get(Path(self.path).suffix, "text/html")
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_POST(self) -> None:
        """Write keys to the pseudo-terminal, or set its size."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/typed":
            os.write(self.server.master, body)
        else:
            cols, _, rows = self.path.rpartition("/")[2].partition("x")
            termios.tcsetwinsize(self.server.master, (int(rows), int(cols)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""

    def _send_output(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while output := self._output():
            self.wfile.write(output)

    def _output(self) -> bytes:
        try:
            return os.read(self.server.master, _READ_BYTES)
        except OSError:  # EIO: the command has ended
            return b""


def main(points: str, grid: str, size: str, addons: str, *command: str) -> int:
    """Run `command` in a window until it ends, and return its exit status."""
    folder = packages()
    if folder is None:
        sys.exit("xterm.js isn't installed")
    names = addons.split(",")
    cols, rows = map(int, grid.split("x"))
    page = _PAGE.format(
        cols=cols,
        rows=rows,
        points=points,
        scripts="\n".join(f'<script src="/addon-{name}.js"></script>' for name in names),
        addons=json.dumps([ADDONS[name] for name in names]),
    )
    files = {
        "/": page.encode(),
        "/xterm.js": (folder / "xterm/lib/xterm.js").read_bytes(),
        "/xterm.css": (folder / "xterm/css/xterm.css").read_bytes(),
        **{f"/addon-{name}.js": (folder / f"addon-{name}/lib/addon-{name}.js").read_bytes() for name in names},
    }
    child, master = pty.fork()
    if child == 0:
        termios.tcsetwinsize(0, (rows, cols))
        os.environ.update(ENVIRONMENT)
        os.execvp(command[0], command)
    server = _Server(files, master)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    profile = f"--user-data-dir={os.environ['XDG_RUNTIME_DIR']}/chromium"
    window = f"--window-size={size.replace('x', ',')}"
    browser = subprocess.Popen([*_CHROMIUM, profile, window, f"--app=http://127.0.0.1:{server.server_port}/"])
    _, status = os.waitpid(child, 0)
    browser.terminate()
    browser.wait()
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
