"""The contract that every OCR engine fulfils.

PaddleOCR needs an environment of its own (``make test-paddle``); an engine that is not installed is skipped with
the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pymupdf
import pytest

from lanci.document import Image
from lanci.errors import LanciError, MissingProgramError
from lanci.ocr import ENGINES, OcrOptions, make_engine
from lanci.ocr.engine import OcrEngine

READERS = [name for name in ENGINES if name != "null"]
GIVE_CHARACTERS = ["rapidocr", "openvino", "tesseract"]
TEXTS = ["1,234.56", "一般公共服务支出", "-3.60", "0", "合计", "2021年度预算"]


@cache
def _engine(name: str) -> OcrEngine | MissingProgramError:
    try:
        return make_engine(OcrOptions(engine=name))
    except MissingProgramError as error:
        return error


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    made = _engine(request.param)
    if isinstance(made, MissingProgramError):
        pytest.skip(str(made))
    return made


def _each(names: Sequence[str]) -> pytest.MarkDecorator:
    marked = [pytest.param(name, marks=pytest.mark.paddle if name == "paddle" else ()) for name in names]
    return pytest.mark.parametrize("engine", marked, indirect=True)


every_engine = _each(ENGINES)
every_reader = _each(READERS)


def _page(draw: Callable[[pymupdf.TextWriter, pymupdf.Font], None], width: float, height: float) -> Image:
    document = pymupdf.open()
    page = document.new_page(width=width, height=height)
    writer = pymupdf.TextWriter(page.rect)
    draw(writer, pymupdf.Font("china-s"))
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=200, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def _line(text: str) -> Image:
    width = pymupdf.Font("china-s").text_length(text, 10) + 6
    return _page(lambda writer, font: writer.append((3, 12.5), text, font=font, fontsize=10), width, 16)


def _grey(image: Image) -> Image:
    return image.mean(axis=2).astype(np.uint8)


@every_engine
def test_one_reading_for_every_picture(engine: OcrEngine) -> None:
    images = [_line(text) for text in TEXTS]
    assert len(engine.read_lines(images)) == len(images)
    assert engine.read_lines([]) == []


@every_engine
def test_blank_pictures_have_no_text(engine: OcrEngine) -> None:
    blanks = [np.full((40, 200, 3), 255, np.uint8), np.full((40, 200), 250, np.uint8)]
    assert [(r.text, r.confidence) for r in engine.read_lines(blanks)] == [("", 1.0)] * 2
    assert engine.read_page(np.full((400, 300, 3), 255, np.uint8)) == []


@every_engine
@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (1, 50), (60, 1), (2, 2, 3)])
def test_tiny_pictures_are_read_without_error(engine: OcrEngine, shape: tuple[int, ...]) -> None:
    noise = np.arange(np.prod(shape), dtype=np.int64).reshape(shape) * 97 % 256
    assert len(engine.read_lines([noise.astype(np.uint8), np.zeros(shape, np.uint8)])) == 2


@every_engine
def test_inked_pictures_without_text_are_not_certain_or_read(engine: OcrEngine) -> None:
    reading = engine.read_lines([_line("1,234.56")])[0]
    assert reading.text or reading.confidence == 0.0


@every_reader
def test_lines_are_read_in_order(engine: OcrEngine) -> None:
    images = [_line(text) for text in TEXTS]
    assert [r.text for r in engine.read_lines(images)] == TEXTS
    assert [r.text for r in engine.read_lines([_grey(image) for image in reversed(images)])] == TEXTS[::-1]
    assert all(0.5 < r.confidence <= 1.0 for r in engine.read_lines(images))


@_each(GIVE_CHARACTERS)
def test_characters_agree_with_the_text(engine: OcrEngine) -> None:
    reading = engine.read_lines([_line("1,234.56")])[0]
    assert "".join(char.candidates[0][0] for char in reading.chars) == reading.text
    assert reading.confidence == min(char.candidates[0][1] for char in reading.chars)
    positions = [char.position for char in reading.chars]
    assert positions == sorted(positions)
    assert 0 <= positions[0] < 0.3
    assert 0.7 < positions[-1] <= 1
    for char in reading.chars:
        shares = [share for _, share in char.candidates]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.0 + 1e-4


@every_reader
def test_readings_are_repeatable_and_independent_of_neighbours(engine: OcrEngine) -> None:
    images = [_line(text) for text in TEXTS]
    together = engine.read_lines(images)
    assert engine.read_lines(images) == together
    for image, reading in zip(images, together, strict=True):
        alone = engine.read_lines([image])[0]
        assert alone.text == reading.text
        assert alone.confidence == pytest.approx(reading.confidence, abs=1e-3)


def test_pictures_that_are_equally_wide_are_told_apart() -> None:
    engine = make_engine()
    numbers = [f"{n}{n + 1}.{n}5" for n in range(1, 8)]
    images = [_line(number) for number in numbers]
    assert len({image.shape for image in images}) == 1
    images.insert(3, np.full_like(images[0], 255))
    numbers.insert(3, "")
    together = engine.read_lines(images)
    assert [reading.text for reading in together] == numbers
    for image, reading in zip(images, together, strict=True):
        assert engine.read_lines([image])[0].confidence == pytest.approx(reading.confidence, abs=1e-4)


@every_reader
@pytest.mark.parametrize("scale", [200 / 72, None])
def test_page_lines_come_in_reading_order(engine: OcrEngine, scale: float | None) -> None:
    def draw(writer: pymupdf.TextWriter, font: pymupdf.Font) -> None:
        writer.append((200, 100.5), "单位：万元", font=font, fontsize=11)
        writer.append((40, 100), "部门：财政局", font=font, fontsize=11)
        writer.append((90, 60), "收支预算总表", font=font, fontsize=16)
        writer.append((40, 140), "1,234.56", font=font, fontsize=11)

    lines = engine.read_page(_page(draw, 300, 200), scale)
    texts = [line.reading.text.replace(":", "：") for line in lines]
    assert texts == ["收支预算总表", "部门：财政局", "单位：万元", "1,234.56"]
    pixels = 200 / 72
    assert lines[0].box.contains(130 * pixels, 55 * pixels)
    assert not lines[0].box.contains(130 * pixels, 97 * pixels)


def test_openvino_reads_what_onnxruntime_reads() -> None:
    made = _engine("openvino")
    if isinstance(made, MissingProgramError):
        pytest.skip(str(made))
    images = [_line(text) for text in TEXTS]
    for one, other in zip(made.read_lines(images), make_engine().read_lines(images), strict=True):
        assert one.text == other.text
        assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


@every_engine
def test_engines_tell_name_and_version(engine: OcrEngine) -> None:
    assert engine.name in ENGINES
    assert engine.version


def test_unknown_engine_lists_the_known_ones() -> None:
    with pytest.raises(LanciError, match="rapidocr, openvino, paddle, tesseract, null"):
        make_engine(OcrOptions(engine="other"))


@pytest.mark.parametrize("name", READERS)
def test_missing_models_say_what_is_missing(name: str, tmp_path: pytest.TempPathFactory) -> None:
    with pytest.raises(MissingProgramError, match=r"missing|not in|not installed"):
        make_engine(OcrOptions(engine=name, model_dir=tmp_path))
