"""Evidence of cells, the model that weighs it, and its fitting."""

from __future__ import annotations

import shutil
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest

from lanci.document import Box, Grid, GridCell, TableRegion
from lanci.errors import AnnotationError, ModelError
from lanci.ocr.confidence import MODEL_NAME, Worth, load_confidence
from lanci.ocr.crops import CellPicture, Disturbance, LinePicture
from lanci.ocr.engine import CharReading, LineReading
from lanci.ocr.evidence import FEATURES, Evidence, Head, Seen, find_head, gather_evidence
from lanci.ocr.numeric import Reading
from lanci.training import FittedConfidence, Sample, fit_confidence, write_confidence
from lanci.training.confidence_fit import find_limit

_PICTURE = LinePicture(np.zeros((20, 60), np.uint8), 0.05, 0.95, 16)


def _line(text: str, *probabilities: float) -> LineReading:
    chars = tuple(
        CharReading(((char, p),), (i + 0.5) / len(text))
        for i, (char, p) in enumerate(zip(text, probabilities, strict=True))
    )
    return LineReading(text, min(probabilities), chars)


def _seen(line: LineReading, second: str | None = None) -> Seen:
    other = Reading(second, 0.9) if second is not None else None
    picture = CellPicture((_PICTURE,), Disturbance(contrast=1.0, line_height=16.0))
    return Seen(picture, [line], Reading(line.text, line.confidence), other, None)


def _grid(count: int) -> Grid:
    cells = tuple(GridCell(row, 0, 1, 1, Box(0, row * 20, 60, row * 20 + 20)) for row in range(count))
    edges = tuple(20.0 * row for row in range(count + 1))
    return Grid(TableRegion(1, Box(0, 0, 60, 20 * count), (), "rules"), count, 1, cells, edges, (0.0, 60.0))


def test_evidence_tells_sure_from_doubtful_and_agreeing_from_differing() -> None:
    cells = [_seen(_line("12.5", 1, 1, 1, 1)), _seen(_line("12.5", 1, 0.6, 1, 1), "12.5")]
    cells.append(_seen(_line("12.5", 1, 0.6, 1, 1), "12.8"))
    sure, agreed, differed = gather_evidence(_grid(3), cells, 0.98)
    assert sure.weakest > agreed.weakest == differed.weakest
    assert (sure.looked, agreed.differs, differed.differs) == (0.0, 0.0, 1.0)
    assert agreed.second > differed.second == 0.0
    assert sure.doubt == pytest.approx(2 / 3)


def test_a_blank_among_filled_cells_is_a_gap() -> None:
    blank = Seen(CellPicture((), Disturbance()), [], Reading("", 1.0), None, None)
    cells = [_seen(_line("1", 1.0)), blank, _seen(_line("3", 1.0)), _seen(_line("4", 1.0))]
    evidence = gather_evidence(_grid(4), cells, 0.98)
    assert [find_head(one) for one in cells] == [Head.AMOUNT, Head.BLANK, Head.AMOUNT, Head.AMOUNT]
    assert [one.gap for one in evidence] == [0.0, 0.0, 0.0, 0.0]  # its row holds nothing else


def test_strays_and_lost_characters_leave_traces() -> None:
    stray, lost = _seen(_line("定性.", 1, 1, 1)), _seen(_line("5", 1.0))
    plain = _seen(_line("定性好", 1, 1, 1))
    first, second, third = gather_evidence(_grid(3), [stray, lost, plain], 0.98)
    assert (first.stray, third.stray) == (1.0, 0.0)
    assert second.unread > 1 > third.unread


def _samples(seed: int = 0) -> list[Sample]:
    """Readings that are wrong the more often the less certain they are, and the more when crossing."""
    rng = np.random.default_rng(seed)
    samples = []
    for i in range(600):
        weakest, crossing = float(rng.uniform(-1, 4)), float(rng.random() < 0.2)
        p = 1 / (1 + np.exp(-(2 * weakest - 2 * crossing)))
        head = list(Head)[i % 3]
        evidence = Evidence(weakest=weakest, crossing=crossing, stamped=float(rng.random() < 0.1))
        samples.append(Sample(f"d{i % 10}", "office", head, evidence, bool(rng.random() < p), head is Head.AMOUNT))
    return samples


@cache
def _fitted() -> FittedConfidence:
    return fit_confidence(_samples(), "1")


def test_fitted_probabilities_hold_on_documents_not_seen() -> None:
    held_out = _fitted().held_out
    right = np.array([sample.right for sample in _samples()])
    for low, high in ((0.2, 0.6), (0.6, 0.9), (0.9, 0.99), (0.99, 1.0)):
        part = (held_out >= low) & (held_out < high)
        assert right[part].mean() == pytest.approx(held_out[part].mean(), abs=0.12)


def test_nothing_speaks_against_its_meaning() -> None:
    for head in _fitted().model.heads.values():
        weights = dict(zip(FEATURES, head.weights, strict=True))
        assert weights["weakest"] > 0 > weights["crossing"]
        assert weights["stamped"] <= 0


def test_a_limit_catches_what_may_not_pass_and_no_more_than_can_be_afforded() -> None:
    probabilities = np.linspace(0.0, 1.0, 1001)
    costly = np.zeros(1001, dtype=bool)
    costly[[10, 920]] = True
    assert find_limit(probabilities, costly, 2.0, Worth.AMOUNT) == 0.9  # one may pass, but no limit is lower
    costly[940] = costly[960] = True
    assert find_limit(probabilities**0.01, costly, 0.0, Worth.AMOUNT) == pytest.approx(0.05**0.01, abs=1e-3)


def test_an_artefact_is_the_same_bytes_and_reads_back(tmp_path: Path) -> None:
    report = write_confidence(_samples(), "0" * 64, tmp_path / "a", "1.0")
    write_confidence(_samples(), "0" * 64, tmp_path / "b", "1.0")
    for name in ("model.skops", "meta.json", "card.md"):
        first, second = ((tmp_path / side / MODEL_NAME / "1.0" / name).read_bytes() for side in "ab")
        assert first == second
    model = load_confidence(report.folder)
    sure, doubtful = Evidence(weakest=4.0), Evidence(weakest=-1.0, crossing=1.0)
    first, second = model.judge([Head.AMOUNT, Head.AMOUNT], [sure, doubtful])
    assert first.probability > 0.95 > 0.5 > second.probability
    assert second.needs_review


def test_a_model_for_other_evidence_is_refused(tmp_path: Path) -> None:
    shipped = files("lanci_models").joinpath(MODEL_NAME, "0.1.0")
    with as_file(shipped) as source:
        shutil.copytree(source, tmp_path / "copy")
    folder = tmp_path / "copy"
    meta = folder / "meta.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace('"feature_set": 1', '"feature_set": 0'), encoding="utf-8")
    with pytest.raises(ModelError, match="lanci eval calibrate"):
        load_confidence(folder)


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(AnnotationError, match="too few samples"):
        fit_confidence([sample for sample in _samples() if sample.right], "1")


def test_the_shipped_model_ranks_what_it_must() -> None:
    model = load_confidence()
    sure = Evidence(weakest=4.0, product=4.0, ends=4.0, in_column=1.0, has_digit=1.0, length=0.8)
    invalid = Evidence(weakest=1.0, product=0.5, ends=1.0, looked=1.0, differs=1.0, invalid=1.0, has_digit=1.0)
    good, bad = model.judge([Head.AMOUNT, Head.AMOUNT], [sure, invalid])
    assert good.probability > 0.99
    assert not good.needs_review
    assert bad.probability < 0.9
    assert bad.needs_review
