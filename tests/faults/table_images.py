"""Faults of pictures: each picture is in its own story, and `bpost fetch --images` requests it."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

from tests.faults.fault import END, Fault, Outcome, Stage, story
from tests.faults.fault_portal import Line, Reply, Script, answer

PATH = "/wp-content/uploads/chobi.png"
PNG, JPEG = "image/png", "image/jpeg"
_GONE, _HAD = "1 picture not available", "1 picture fetched"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG whose header claims `width` and `height`, with any `chunks`."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), *chunks, (b"IEND", b""))
    made = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@cache
def zeros(megabytes: int) -> bytes:
    """Return `megabytes` MB of zeros, compressed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


Make = Callable[[Stage], Reply]


def image(
    name: str,
    rule: str,
    make: Make,
    *,
    src: str = f"@portal@{PATH}",
    had: bool = False,
    check: Callable[[Outcome], bool] | None = lambda _: True,
    **more: object,
) -> Fault:
    """Return a fault of the picture that `make` returns, at the address `src`. It may be requested only once.

    With `had`, the picture must be shown all the same. `rule` is the behaviour of a correct reader, `check` a further check (None
    skips all checks), and `more` has further fields of the fault.
    """

    def serve(stage: Stage) -> None:
        if src.endswith(PATH):
            stage.portal.set_reply(PATH, make(stage))
        story(f'<p>আগে</p><img src="{src}" alt="ছবি"><p>{END}</p>')(stage)

    def checked(seen: Outcome) -> bool:
        return check is None or ((_HAD if had else _GONE) in seen.out and seen.stage.portal.count(PATH) <= 1 and check(seen))

    fields = {"shows": ("কঠিন লেখা", END), "verb": "fetch", "options": ("--images",), "check": checked, **more}
    return Fault("image", name, rule, serve, **fields)  # type: ignore[arg-type]


def body(data: bytes | Callable[[], bytes], content_type: str = PNG, *lines: str) -> Make:
    """Return a function that makes a response with the body `data`; `lines` are further lines of the header."""
    return lambda _: answer(data() if callable(data) else data, "200 OK", content_type, *lines)


def status(line: str, *lines: str) -> Make:
    return lambda _: answer(b"<h1>No</h1>", line, "text/html", *lines)


def redirect(to: str) -> Make:
    return lambda stage: answer(b"", "302 Found", PNG, f"Location: {stage.fill(to)}")


def raw(data: bytes) -> Make:
    return lambda _: data


def script(play: Script) -> Make:
    return lambda _: play


def _endless(line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n\x89PNG\r\n\x1a\n")
    line.endless(bytes(1 << 16))


def _hanging(line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG")
    line.hang()


_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(/tmp/pwned) (w) file closefile\nshowpage\n"
_SVG = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>&x;</text></svg>'
)
_FITS = b"SIMPLE  =                    T".ljust(80) + b"BITPIX  =                    8".ljust(80) + b"END".ljust(2720)
_SOF = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\x03\1\x22\0\2\x11\1\3\x11\1" + bytes(99)
_SCREEN = b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(40)
_VP8X = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" + bytes(64)
_GZIP = "Content-Encoding: gzip, gzip, gzip"


def _moving() -> bytes:
    frames = [Image.new("L", (40, 40), number % 256) for number in range(1000)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=10)
    return out.getvalue()


def _flipped() -> bytes:
    whole = picture()
    at = whole.index(b"IDAT") + 20
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def _exif() -> bytes:
    whole = picture("JPEG")
    segment = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\3\xff\xff\xff\xff" * 400
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + whole[2:]


_DOTS = (b"IDAT", zlib.compress(bytes(52)))
"""Pixels of a PNG of 4 × 4."""


def _no_cookie(seen: Outcome) -> bool:
    return all(not request.header("Cookie") for request in seen.stage.portal.requests)


_BOMBS = (
    image(
        "img-bomb",
        "30,000 × 30,000 pixels: refused before anything is decoded",
        body(lambda: png(30_000, 30_000, (b"IDAT", zeros(100)))),
        heavy=True,
    ),
    image("img-header-bomb", "2³¹ - 1 pixels either way", body(png(2**31 - 1, 2**31 - 1, _DOTS)), heavy=True),
    image(
        "img-gif-huge", "A GIF with a screen of 65,535 × 65,535", body(b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(40)), heavy=True
    ),
    image("img-jpeg-dims", "A JPEG that says 65,500 × 65,500", body(_SOF, JPEG), heavy=True),
    image("img-webp-dims", "A WebP that says 16,777,216 × 16,777,216", body(_VP8X, "image/webp"), heavy=True),
    image("img-too-large", "26 megapixels: refused", body(lambda: picture("PNG", (6500, 4000)))),
    image("img-largest", "24 megapixels, nearly the most: shown", body(lambda: picture("PNG", (6000, 4000))), had=True, heavy=True),
    image(
        "img-largest-jpeg",
        "24 megapixels of JPEG: shown, and decoded no larger than needed",
        body(lambda: picture("JPEG", (6000, 4000)), JPEG),
        had=True,
        heavy=True,
    ),
    image(
        "img-text-bomb",
        "Three text chunks of 100 MB",
        body(lambda: png(4, 4, *((b"zTXt", b"a\0\0" + zeros(100)),) * 3, _DOTS)),
        heavy=True,
    ),
    image(
        "img-itxt-bomb",
        "The same as international text",
        body(lambda: png(4, 4, *((b"iTXt", b"a\0\1\0\0\0" + zeros(100)),) * 3, _DOTS)),
        heavy=True,
    ),
    image(
        "img-profile-bomb",
        "A colour profile of 100 MB",
        body(lambda: png(4, 4, (b"iCCP", b"a\0\0" + zeros(100)), _DOTS)),
        heavy=True,
    ),
    image(
        "img-pixel-bomb",
        "100 MB of pixels for 16: no more are read",
        body(lambda: png(4, 4, (b"IDAT", zeros(100)))),
        had=True,
        heavy=True,
    ),
    image("img-gif-frames", "1,000 frames: the first is shown", body(_moving, "image/gif"), had=True, heavy=True),
    image("img-endless", "A body that never ends: cut at 8 MB, not asked for again", script(_endless), heavy=True, steady=True),
    image(
        "img-length-huge",
        "A length of 10¹⁵: refused at once",
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1000000000000000\r\n\r\n"),
    ),
    image("img-gzip-nested", "Stacked codings are refused", body(lambda: zeros(100), PNG, _GZIP), heavy=True),
)
_OTHERS = (
    image("img-truncated", "A PNG that is cut off: nothing is kept as good", body(lambda: picture()[:-40]), steady=True),
    image("img-truncated-jpeg", "A JPEG that is cut off", body(lambda: picture("JPEG", (400, 400))[:900], JPEG)),
    image("img-damaged", "A flipped bit in the pixels", body(_flipped)),
    image("img-empty", "No bytes", body(b"")),
    image("img-svg", "SVG with a script and an external entity: refused", body(_SVG, "image/svg+xml"), hides=("alert(1)",)),
    image("img-eps", "An EPS named .png: Ghostscript isn't started", body(_EPS)),
    image("img-fits", "FITS named .png: refused", body(_FITS)),
    image("img-tiff", "TIFF named .png: refused", body(lambda: picture("TIFF"))),
    image("img-bmp", "BMP named .png: refused", body(lambda: picture("BMP"))),
    image("img-html", "A login page for a picture: refused", body(b"<!DOCTYPE html><title>Login</title>")),
    image("img-exif", "EXIF whose counts lie: the picture is shown", body(_exif, JPEG), had=True),
    image("img-tiny", "1 × 1 pixel", body(lambda: picture("PNG", (1, 1))), had=True),
    image("img-thin", "10,000 × 1 pixels", body(lambda: picture("PNG", (10_000, 1))), had=True),
    image("img-tall", "1 × 10,000 pixels", body(lambda: picture("PNG", (1, 10_000))), had=True),
    image("img-type-lie", "A JPEG that is called a PNG: shown for what it is", body(lambda: picture("JPEG")), had=True),
)
_WAYS = (
    image("img-404", "Missing: remembered, not asked for again", status("404 Not Found"), steady=True),
    image("img-410", "Gone: remembered", status("410 Gone"), steady=True),
    image("img-401", "Behind a password: none is sent", status("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')),
    image(
        "img-disposition",
        "The name in Content-Disposition is ignored",
        body(picture, PNG, 'Content-Disposition: attachment; filename="../../../x.png"'),
        had=True,
    ),
    image("img-cookie", "Cookies are neither kept nor sent", body(picture, PNG, "Set-Cookie: a=b"), had=True, check=_no_cookie),
    image("img-internal", "A picture on another private server isn't asked for", body(b""), src="@sentinel@/x.png", steady=True),
    image("img-metadata", "Nor one at the address of a cloud's metadata", body(b""), src="http://169.254.169.254/latest/x.png"),
    image("img-octal", "Nor one at an address that only resolvers take", body(b""), src="http://0177.0.0.1/x.png"),
    image("img-redirect", "Nor one that a redirect leads to there", redirect("@sentinel@/x.png")),
    image("img-hangs", "A picture that hangs is given up; the text was there before it", script(_hanging), codes=(3,), check=None),
)
FAULTS = (*_BOMBS, *_OTHERS, *_WAYS)
