"""Pictures become pages of a sensible size, pixel for pixel."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from lanci.errors import DamagedError, LimitError
from lanci.source import SourceOptions, open_source
from lanci.source.pictures import believable_dpi


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width), dtype=np.uint8)


def encoded(image: np.ndarray, kind: str, dpi: int) -> bytes:
    height, width = image.shape
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY, width, height, image.tobytes(), False)
    pixmap.set_dpi(dpi, dpi)
    return bytes(pixmap.tobytes(kind))


def tiff(frames: list[np.ndarray], dpi: int | None, orientation: int = 1) -> bytes:
    """An uncompressed grey TIFF; without resolution tags when ``dpi`` is None."""
    out = bytearray(b"II*\0\0\0\0\0")
    link = 4
    for frame in frames:
        height, width = frame.shape
        pixels, ratio = len(out), len(out) + frame.size
        out += frame.tobytes() + struct.pack("<II", dpi or 0, 1)
        tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, pixels)]
        tags += [(274, 3, orientation), (277, 3, 1), (278, 4, height), (279, 4, frame.size)]
        tags += [(282, 5, ratio), (283, 5, ratio), (296, 3, 2)] if dpi else []
        out += b"\0" * (len(out) % 2)
        struct.pack_into("<I", out, link, len(out))
        out += struct.pack("<H", len(tags))
        for tag, kind, value in tags:
            out += struct.pack("<HHII", tag, kind, 1, value)
        link = len(out)
        out += b"\0\0\0\0"
    return bytes(out)


@pytest.mark.parametrize(("kind", "media_type"), [("png", "image/png"), ("jpeg", "image/jpeg")])
def test_single_picture(tmp_path: Path, kind: str, media_type: str) -> None:
    path = tmp_path / "扫描 件.bin"
    image = noise(620, 877)
    path.write_bytes(encoded(image, kind, 150))
    with open_source(path) as source:
        assert (source.media_type, source.n_pages) == (media_type, 1)
        page = source.page(1)
        assert (page.width, page.height) == pytest.approx((297.6, 420.96), abs=0.1)
        rendered, _ = page.render(150, grey=True)
        assert rendered.shape == image.shape
        if kind == "png":
            assert np.array_equal(rendered, image)


def test_tiff_frames_without_resolution_are_a4_at_200_dpi(tmp_path: Path) -> None:
    first, second = noise(1654, 2339), noise(2339, 1654)
    path = tmp_path / "两页.tif"
    path.write_bytes(tiff([first, second], None))
    with open_source(path) as source:
        assert source.n_pages == 2
        assert (source.page(1).width, source.page(1).height) == pytest.approx((595.4, 842.0), abs=0.1)
        assert (source.page(2).width, source.page(2).height) == pytest.approx((842.0, 595.4), abs=0.1)
        assert np.array_equal(source.page(2).render(200, grey=True)[0], second)
    with pytest.raises(LimitError, match="--max-pages"):
        open_source(path, SourceOptions(max_pages=1))


@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 3), (8, 1)])
def test_tiff_orientation(tmp_path: Path, orientation: int, turns: int) -> None:
    image = noise(600, 450)
    path = tmp_path / "a.tif"
    path.write_bytes(tiff([image], 100, orientation))
    with open_source(path) as source:
        rendered, _ = source.page(1).render(100, grey=True)
    assert np.array_equal(rendered, np.rot90(image, turns))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1654, 2339, 200, 200), 200),
        ((2480, 3508, 300, 300), 300),
        ((1654, 2339, 72, 72), 200),
        ((794, 1123, 96, 96), 96),
        ((1654, 2339, 0, 0), 200),
        ((1654, 2339, 1, 1), 200),
        ((1654, 2339, 20000, 20000), 200),
    ],
)
def test_believable_dpi(given: tuple[int, int, float, float], expected: float) -> None:
    assert believable_dpi(*given) == (expected, expected)


def test_damaged_pictures(tmp_path: Path) -> None:
    path = tmp_path / "坏.tif"
    data = tiff([noise(300, 300)], 100)
    path.write_bytes(data[:-40])
    with pytest.raises(DamagedError, match="truncated"):
        open_source(path)
    for kind, length in (("jpeg", 100), ("png", 20_000)):
        path.write_bytes(encoded(noise(300, 300), kind, 100)[:length])
        with pytest.raises(DamagedError, match="坏"), open_source(path) as source:
            source.page(1)
    path.write_bytes(encoded(noise(300, 300), "jpeg", 100)[:20_000])
    with open_source(path) as source:
        source.page(1)
        assert "picture 1 is damaged" in source.remarks[0]


def test_huge_picture_is_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "大.png"
    data = bytearray(encoded(noise(10, 10), "png", 100))
    struct.pack_into(">II", data, 16, 20_000, 20_000)
    path.write_bytes(data)
    with pytest.raises(LimitError, match=r"20000 x 20000.*--max-stream-bytes"):
        open_source(path)
    struct.pack_into(">II", data, 16, 60_000, 60_000)
    path.write_bytes(data)
    with pytest.raises(LimitError, match="too large a picture"):
        open_source(path)
