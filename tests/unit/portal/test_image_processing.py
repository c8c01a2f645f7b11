"""Picture processing in the parser process: each format as Pillow writes it, and files with false headers."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bpost_tui.errors import ContentError
from bpost_tui.portal.image_header import ImageHeader, read_header
from bpost_tui.portal.image_processing import MAX_STORED_PX, prepare_picture, render_picture

SIZE = (60, 40)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def picture(kind: str, size: tuple[int, int] = SIZE, mode: str = "RGB", **options: object) -> bytes:
    """Return an encoded picture of many colours, in the format `kind`."""
    image = Image.radial_gradient("L").resize(size)
    image = Image.merge("RGB", (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image.rotate(90))).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG file with any size in its header and any chunks."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    all_chunks = ((b"IHDR", head), *chunks, (b"IEND", b""))
    parts = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in all_chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# ── headers ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", FORMATS)
def test_image_header_of_each_format_has_its_size(kind: str) -> None:
    assert read_header(picture(kind)) == ImageHeader(kind, *SIZE)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}])
def test_image_header_of_each_webp_kind_has_its_size(options: dict[str, Any]) -> None:
    assert read_header(picture("WEBP", **options)) == ImageHeader("WEBP", *SIZE)


@pytest.mark.parametrize("options", [{"progressive": True}, {"comment": b"\xff\xc0" * 50}, {"restart_marker_rows": 1}])
def test_image_header_of_jpegs_with_extra_segments_has_the_size(options: dict[str, Any]) -> None:
    assert read_header(picture("JPEG", **options)) == ImageHeader("JPEG", *SIZE)


@pytest.mark.parametrize("kind", FORMATS)
def test_truncated_image_header_is_refused(kind: str) -> None:
    whole = picture(kind)
    assert all(_refused(whole[:length]) for length in range(10))


def _refused(data: bytes) -> bool:
    with pytest.raises(ContentError):
        read_header(data)
    return True


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"SIMPLE  =                    T",
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"\0\0\0\x1cftypavif" + bytes(60),
        b"RIFF\0\0\0\0WAVEfmt ",
        b"RIFF\0\0\0\0WEBPxxxx" + bytes(60),
        png(30_000, 30_000),
        png(2**31 - 1, 2**31 - 1),
        png(0, 10),
        b"GIF89a\xff\xff\xff\xff" + bytes(20),
        b"\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\x03" + bytes(20),
    ],
)
def test_image_header_of_unsupported_data_is_refused(data: bytes) -> None:
    assert _refused(data)


@given(st.sampled_from([b"", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]), st.binary(max_size=80))
def test_image_header_of_any_bytes_is_valid_or_refused(start: bytes, rest: bytes) -> None:
    try:
        header = read_header(start + rest)
    except ContentError as error:
        assert error.message.isprintable()
    else:
        assert header.width_px * header.height_px > 0


# ── stored pictures ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", FORMATS)
def test_stored_picture_of_each_format_looks_the_same(kind: str) -> None:
    kept = prepare_picture(picture(kind))
    assert (kept.width_px, kept.height_px) == SIZE
    assert decoded(kept.data).size == SIZE
    near = [
        abs(a - b)
        for a, b in zip(decoded(kept.data).resize((4, 4)).tobytes(), decoded(picture(kind)).resize((4, 4)).tobytes(), strict=True)
    ]
    assert max(near) < 12


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_stored_picture_of_each_mode_is_rgb(mode: str) -> None:
    source = Image.new("I;16", SIZE) if mode == "I;16" else Image.radial_gradient("L").resize(SIZE).convert(mode)
    out = io.BytesIO()
    source.save(out, "PNG")
    assert decoded(prepare_picture(out.getvalue()).data).size == SIZE


@pytest.mark.parametrize(
    ("size", "kept"), [((1, 1), (1, 1)), ((10_000, 1), (1600, 1)), ((1, 10_000), (1, 2400)), ((3200, 1600), (1600, 800))]
)
def test_stored_picture_fits_the_maximum_size(size: tuple[int, int], kept: tuple[int, int]) -> None:
    found = prepare_picture(picture("PNG", size))
    assert (found.width_px, found.height_px) == kept
    assert kept[0] <= MAX_STORED_PX[0] and kept[1] <= MAX_STORED_PX[1]


def test_stored_picture_is_upright_without_camera_data() -> None:
    image = Image.new("RGB", (80, 40), "red")
    image.paste("blue", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    kept = prepare_picture(out.getvalue())
    assert (kept.width_px, kept.height_px) == (40, 80)
    red, _, blue = decoded(kept.data).getpixel((20, 10))  # type: ignore[misc]
    assert blue > 200 > 60 > red
    assert b"Camera" not in kept.data and b"Exif" not in kept.data


def test_stored_picture_has_a_white_ground_for_transparency() -> None:
    out = io.BytesIO()
    Image.new("RGBA", SIZE, (0, 0, 0, 0)).save(out, "PNG")
    assert decoded(prepare_picture(out.getvalue()).data).getpixel((5, 5)) == (255, 255, 255)


def test_stored_animation_is_its_first_frame_without_loss() -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept = prepare_picture(out.getvalue())
    assert kept.data.startswith(b"\x89PNG")
    assert decoded(kept.data).getcolors() == [(60 * 40, (255, 0, 0))]


def _damaged() -> Iterator[bytes]:
    yield from (picture(kind)[:-40] for kind in ("PNG", "WEBP", "GIF"))
    yield picture("JPEG", (400, 400))[:800]
    bomb = zlib.compress(bytes(70 << 20))
    yield png(4, 4, (b"zTXt", b"a\0\0" + bomb), (b"IDAT", zlib.compress(bytes(52))))


@pytest.mark.parametrize("data", list(_damaged()))
def test_storing_a_damaged_picture_raises_an_error(data: bytes) -> None:
    with pytest.raises((OSError, ValueError, SyntaxError, ContentError)):
        prepare_picture(data)


# ── rendered pictures ───────────────────────────────────────────────────────


def test_rendered_picture_has_its_size_in_any_colours() -> None:
    photo = render_picture(prepare_picture(picture("JPEG")).data, 33, 21, 0)
    assert (photo.width_px, photo.height_px, photo.palette, len(photo.pixels)) == (33, 21, (), 3 * 33 * 21)


@pytest.mark.parametrize("colours", [2, 16, 64, 255])
def test_rendered_picture_respects_its_number_of_colours(colours: int) -> None:
    photo = render_picture(prepare_picture(picture("JPEG")).data, 33, 21, colours)
    assert len(photo.palette) <= colours
    assert len(photo.pixels) == 33 * 21
    assert max(photo.pixels) < len(photo.palette)


def test_rendered_picture_of_few_colours_is_exact() -> None:
    out = io.BytesIO()
    Image.new("RGB", SIZE, (10, 20, 30)).save(out, "PNG")
    photo = render_picture(prepare_picture(out.getvalue()).data, 20, 20, 16)
    assert {photo.palette[index] for index in photo.pixels} == {(10, 20, 30)}


def test_stored_pictures_are_not_trusted(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        render_picture(b"%!PS-Adobe-3.0 EPSF-3.0\n", 10, 10, 0)
    with pytest.raises(ContentError):
        render_picture(png(30_000, 30_000), 10, 10, 0)
