"""The re-check of the truth: who is drawn, what is shown of it, and the arithmetic of its error rate."""

import csv
from collections import Counter
from dataclasses import replace
from math import comb
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.unit.eval.printed_annotations import SHIPPED, print_annotation

from lanci.annotation import NO_BOX, AnnotatedDocument, load_annotation, save_annotation
from lanci.errors import AnnotationError, ExitCode, OutputError
from lanci_eval.truth.recheck import (
    COLUMNS,
    CellKind,
    draw_sample,
    exact_interval,
    rates_to_markdown,
    score_form,
)
from lanci_eval.truth.recheck_command import FORM, recheck


@pytest.fixture(scope="module")
def linxi(tmp_path_factory: pytest.TempPathFactory) -> tuple[AnnotatedDocument, Path]:
    return print_annotation("linxi-2021", 6, tmp_path_factory.mktemp("linxi"))


def places(sample: tuple[object, ...]) -> list[tuple[str, int, int]]:
    return [(s.annotated.table.id, s.cell.row, s.cell.col) for s in sample]  # type: ignore[attr-defined]


def test_the_same_seed_draws_the_same_cells_each_once(linxi: tuple[AnnotatedDocument, Path]) -> None:
    document = linxi[0]
    one, two = draw_sample([document], 50, 1), draw_sample([document], 50, 1)
    assert one == two
    assert [drawn.number for drawn in one] == list(range(1, 51))
    assert len(set(places(one))) == 50
    assert places(one) != places(draw_sample([document], 50, 2))
    assert set(places(one)) < set(places(draw_sample([document], 80, 1)))
    n_cells = sum(len(t.table.cells) for t in document.tables)
    assert len(draw_sample([document], 10 * n_cells, 1)) == n_cells


def test_every_cell_is_as_likely_as_any_other(linxi: tuple[AnnotatedDocument, Path]) -> None:
    """Chi-squared over the cells: 200 draws of 40 from the same cells."""
    document = linxi[0]
    n_cells = sum(len(t.table.cells) for t in document.tables)
    drawn = Counter(place for seed in range(200) for place in places(draw_sample([document], 40, seed)))
    expected = 200 * 40 / n_cells
    spread = sum((drawn[place] - expected) ** 2 for place in drawn) + (n_cells - len(drawn)) * expected**2
    assert spread / expected == pytest.approx(n_cells, abs=4 * (2 * n_cells) ** 0.5)


def test_only_cells_that_can_be_looked_at_are_drawn(linxi: tuple[AnnotatedDocument, Path]) -> None:
    document = linxi[0]
    assert draw_sample([load_annotation(SHIPPED / "documents" / "linxi-2021.json")], 5, 1) == ()
    first = document.tables[0]
    cells = tuple(replace(c, box=NO_BOX) if c.row else c for c in first.table.cells)
    tops = replace(document, tables=(replace(first, table=replace(first.table, cells=cells)),))
    assert {drawn.cell.row for drawn in draw_sample([tops], 1000, 1)} == {0}


def test_kinds_of_cells(linxi: tuple[AnnotatedDocument, Path]) -> None:
    kinds = {(d.annotated.table.id, d.cell.row, d.cell.col): d for d in draw_sample([linxi[0]], 10_000, 0)}
    for drawn in kinds.values():
        if not drawn.cell.text:
            assert drawn.kind is CellKind.BLANK
        elif drawn.kind is CellKind.AMOUNT:
            assert drawn.cell.role == "amount"
            assert drawn.cell.row >= drawn.annotated.table.n_header_rows
    assert {drawn.kind for drawn in kinds.values()} == set(CellKind)


@pytest.mark.parametrize(("wrong", "judged"), [(0, 300), (1, 300), (3, 10), (10, 10), (7, 300)])
def test_the_interval_is_the_exact_one(wrong: int, judged: int) -> None:
    """Its ends are the shares at which so many errors, or so few, have a probability of 2.5 %."""

    def at_most(limit: int, share: float) -> float:
        return sum(comb(judged, k) * share**k * (1 - share) ** (judged - k) for k in range(limit + 1))

    low, high = exact_interval(wrong, judged)
    assert low <= wrong / judged <= high
    if wrong:
        assert 1 - at_most(wrong - 1, low) == pytest.approx(0.025)
    else:
        assert low == 0
    if wrong < judged:
        assert at_most(wrong, high) == pytest.approx(0.025)
    else:
        assert high == 1


def test_known_intervals() -> None:
    assert exact_interval(0, 300)[1] == pytest.approx(1 - 0.025 ** (1 / 300))
    assert exact_interval(0, 0) == (0.0, 1.0)
    low, high = exact_interval(2, 20)
    assert (round(low, 4), round(high, 4)) == (0.0123, 0.3170)
    with pytest.raises(ValueError, match="5 wrong of 4"):
        exact_interval(5, 4)


def write_form(path: Path, verdicts: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, (kind, verdict) in enumerate(verdicts, start=1):
            writer.writerow({"number": number, "kind": kind, "verdict": verdict})
    return path


def test_a_form_is_scored_by_kind(tmp_path: Path) -> None:
    verdicts = [("amount", "right")] * 57 + [("amount", "wrong")] * 2 + [("amount", "Unclear ")]
    verdicts += [("text", "right")] * 40
    rates = {rate.name: rate for rate in score_form(write_form(tmp_path / FORM, verdicts))}
    assert {name: (rate.wrong, rate.judged) for name, rate in rates.items()} == {
        "all": (3, 100),
        "amount": (3, 60),
        "text": (0, 40),
        "blank": (0, 0),
    }
    assert rates["all"].share == 0.03
    assert (rates["all"].low, rates["all"].high) == exact_interval(3, 100)
    assert rates["blank"].share is None
    lines = rates_to_markdown(rates.values()).splitlines()
    assert lines[2] == "| all | 100 | 3 | 3.00 % | 0.62 to 8.52 % |"
    assert lines[5] == "| blank | 0 | 0 | – | – |"


def test_a_form_that_is_not_filled_in_is_refused(tmp_path: Path) -> None:
    form = write_form(tmp_path / FORM, [("text", "right"), ("text", ""), ("amount", "maybe")])
    with pytest.raises(AnnotationError, match="no verdict for 2, 3; fill in right, wrong, unclear"):
        score_form(form)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="not a form"):
        score_form(tmp_path / "other.csv")


def test_sheets_show_every_cell_framed_and_the_form_says_what_to_expect(
    linxi: tuple[AnnotatedDocument, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, pdf = linxi
    save_annotation(document, tmp_path / "linxi-2021.json")
    out = tmp_path / "out"
    command = [str(tmp_path / "linxi-2021.json"), "--files", str(pdf), "-n", "20", "--seed", "5", "-o", str(out)]
    assert recheck.main(command, standalone_mode=False) == ExitCode.OK
    with (out / FORM).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    sample = draw_sample([document], 20, 5)
    assert [(line["table"], int(line["row"]), int(line["col"])) for line in lines] == places(sample)
    assert [line["expected_text"] for line in lines] == [drawn.cell.text for drawn in sample]
    assert {line["verdict"] for line in lines} == {""}
    amount = next(line for line in lines if line["kind"] == "amount")
    assert amount["row_label"]
    assert amount["column_label"]
    assert {line["sheet"] for line in lines} == {path.name for path in out.glob("sheet-*.png")}
    for name, count in Counter(line["sheet"] for line in lines).items():
        picture = cv2.imread(str(out / name))
        assert picture is not None
        blue, green, red = (picture[:, :, channel].astype(int) for channel in range(3))
        marked = ((red > 150) & (green < 90) & (blue < 90)).astype(np.uint8)
        # Frames are closed: what they enclose is a region of its own.
        n_frames = cv2.connectedComponents(marked)[0] - 1
        assert n_frames == count

    with pytest.raises(OutputError, match="may be filled in"):
        recheck.main(command, standalone_mode=False)
    filled = (out / FORM).read_text(encoding="utf-8-sig").replace(",,\n", ",right,\n")
    (out / FORM).write_text(filled, encoding="utf-8")
    capsys.readouterr()
    assert recheck.main(["--score", str(out / FORM)], standalone_mode=False) == ExitCode.OK
    assert "| all | 20 | 0 | 0.00 % | 0.00 to 16.84 % |" in capsys.readouterr().out
