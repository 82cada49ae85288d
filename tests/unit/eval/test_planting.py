"""Planted misreadings: what is altered, how a trial is judged, and what the figures count."""

import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from lanci.document import (
    AmountStatus,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    ConflictVerdict,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    RowRole,
    Severity,
    Table,
    TableFragment,
    TextSource,
)
from lanci.interpret import interpret
from lanci.numbers import parse_amount
from lanci_eval.planting.cells import CELL_PLANTERS, Ground
from lanci_eval.planting.confusions import (
    NumberReading,
    Provenance,
    confusions_to_json,
    count_confusions,
    find_edits,
    load_confusions,
)
from lanci_eval.planting.figures import INFOS, PlantedFigures, trials_to_tally
from lanci_eval.planting.readings import RIGHT_AMONG, misread, read_rightly
from lanci_eval.planting.records import Kind, Planted, Proposal, Specimen, Trial
from lanci_eval.planting.report import Untouched, trials_to_csv, trials_to_markdown
from lanci_eval.planting.rows import ROW_PLANTERS, lose_row, merge_rows, shift_row
from lanci_eval.planting.texts import (
    change_digit,
    confuse_digit,
    double_digit,
    drop_digit,
    lose_minus,
    lose_point,
    swap_sign,
)
from lanci_eval.planting.trials import PLANTERS, check_untouched, judge, run_trials

BOX = Box(0, 0, 10, 10)
TEXTS = (
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("", "合计", "1,310.50", "110.50", "1,200.00"),
    ("201", "一般公共服务支出", "1,310.50", "110.50", "1,200.00"),
    ("20101", "人大事务", "1,260.00", "60.00", "1,200.00"),
    ("20102", "政协事务", "50.50", "50.50", ""),
    ("20103", "核减", "-0.00", "", "-0.00"),
)
ROLES = (HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT, HeaderRole.AMOUNT, HeaderRole.AMOUNT)


def make_table(texts: tuple[tuple[str, ...], ...] = TEXTS) -> Table:
    rows = len(texts)
    return Table(
        id="t001",
        type="expenditure_summary",
        kind="expenditure",
        fund="all",
        scope="all",
        classification="functional",
        type_probability=1.0,
        caption=Caption(unit="万元"),
        notes=(),
        n_rows=rows,
        n_cols=5,
        n_header_rows=1,
        row_roles=(RowRole.HEADER, RowRole.TOTAL, *(RowRole.DETAIL,) * (rows - 2)),
        columns=tuple(Column(col, role, (texts[0][col],)) for col, role in enumerate(ROLES)),
        fragments=(TableFragment(1, BOX, 0, 2), TableFragment(2, BOX, 3, rows - 1)),
        cells=tuple(
            Cell(row, col, 1, 1, texts[row][col], 1 if row < 3 else 2, BOX, role=ROLES[col])
            for row in range(rows)
            for col in range(5)
        ),
    )


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def specimen(rng: np.random.Generator) -> Specimen:
    pages = tuple(PageSummary(number, 595, 842, 0, PageKind.SCANNED) for number in (1, 2))
    return Specimen("d", "d", (read_rightly(interpret(make_table(TEXTS[:5])), rng),), pages, 0)


@pytest.mark.parametrize(
    ("alter", "text", "readings"),
    [
        (lose_minus, "-1.5", {"1.5"}),
        (lose_minus, "1.5", {None}),
        (lose_point, "12.50", {"1250"}),
        (lose_point, "12", {None}),
        (swap_sign, "1,234.50", {"1.234.50", "1,234,50"}),
        (swap_sign, "1234", {None}),
        (drop_digit, "12.0", {"1.0", "2.0", "12."}),
        (drop_digit, "0", {None}),
        (double_digit, "12", {"112", "122"}),
        (double_digit, "0", {None}),
        (confuse_digit, "7", {other for other in "0123456789" if load_confusions().count("7", other)}),
        (change_digit, "7", set("012345689")),
    ],
)
def test_a_misreading_is_another_amount_or_none(alter, text, readings):
    rng = np.random.default_rng(0)
    assert {alter(text, rng) for _ in range(500)} == readings


def test_digits_are_confused_as_often_as_readers_did():
    rng = np.random.default_rng(0)
    counts = {other: load_confusions().count("3", other) for other in "0123456789"}
    drawn = [confuse_digit("3", rng) for _ in range(2000)]
    usual = max(counts, key=lambda other: counts[other])
    assert drawn.count(usual) / 2000 == pytest.approx(counts[usual] / sum(counts.values()), abs=0.04)


@pytest.mark.parametrize(
    ("printed", "read", "edits"),
    [
        ("1,234.50", "1.234.50", [(",", ".")]),
        ("173", "113", [("7", "1")]),
        ("173", "1173", [("1", "11")]),
        ("173", "1273", [("", "2")]),
        ("173", "73", [("1", "")]),
        ("-173", "178", [("-", ""), ("3", "8")]),
        ("173", "945", []),
        ("173", "", []),
    ],
)
def test_what_was_made_of_a_number_is_told_piece_by_piece(printed, read, edits):
    assert find_edits(printed, read) == edits


def test_only_wrong_amounts_count_as_confusions():
    readings = [
        NumberReading("p", "n", *texts) for texts in (("7", "1"), ("1,000", "1000.0"), ("25", "xyz"), ("8", ""))
    ]
    edits, garbled = count_confusions(readings)
    assert (dict(edits), garbled) == ({("7", "1"): 1}, 2)


def test_confusions_come_with_their_provenance():
    known = load_confusions()
    assert known.provenance.n_misread == sum(known.provenance.n_by_picture.values()) > known.provenance.n_garbled
    plain = json.loads(confusions_to_json(known))
    assert {(printed, read): count for printed, read, count in plain["edits"]} == known.edits
    assert Provenance(**{**plain["provenance"], "datasets": tuple(plain["provenance"]["datasets"])}) == known.provenance


def test_right_readings_keep_their_texts_and_seldom_have_others(rng):
    table = interpret(make_table((TEXTS[0], *(TEXTS[3],) * 1000)))
    read = read_rightly(table, rng)
    assert [cell.text for cell in read.cells] == [cell.text for cell in table.cells]
    assert {cell.source for cell in read.cells} == {TextSource.OCR}
    amounts = [cell for cell in read.cells if cell.value is not None]
    assert 0.02 < sum(bool(cell.alternatives) for cell in amounts) / len(amounts) < 0.06
    others = [(parse_amount(one.text), cell.value) for cell in amounts for one in cell.alternatives]
    assert all(other != value for other, value in others)


def test_what_is_printed_is_among_the_readings_of_most_misread_cells(rng):
    cell = make_table().cells[7]
    misreadings = [misread(cell, "1,810.50", rng) for _ in range(1000)]
    known = sum(any(one.text == cell.text for one in read.alternatives) for read in misreadings) / 1000
    assert abs(known - RIGHT_AMONG) < 0.05
    assert all(
        list(read.alternatives) == sorted(read.alternatives, key=lambda a: -a.probability) for read in misreadings
    )


@pytest.mark.parametrize(("kind", "planter"), CELL_PLANTERS, ids=lambda value: getattr(value, "name", ""))
def test_only_the_places_told_are_altered(kind, planter, rng):
    texts = (*TEXTS[:5], ("20104", "核减", "-1.00", "-1.00", ""))
    table = interpret(make_table(texts))
    for _ in range(20):
        planted = planter(Ground(table), rng)
        changed = {
            (old.row, old.col): (old.text, new.text)
            for old, new in zip(table.cells, planted.table.cells, strict=True)
            if old.text != new.text
        }
        assert (planted.kind, set(planted.places)) == (kind, set(changed))
        assert [changed[place] for place in planted.places] == list(zip(planted.printed, planted.read, strict=True))


def test_an_amount_moves_to_a_blank_beside_it(rng):
    planted = PLANTERS[Kind.NEIGHBOUR](Ground(interpret(make_table(TEXTS[:5]))), rng)
    assert (set(planted.printed), set(planted.read)) == ({"50.50", ""}, {"", "50.50"})


def test_a_shifted_row_loses_its_outermost_amount(rng):
    table = interpret(make_table(TEXTS[:5]))
    rows = set()
    for _ in range(50):
        planted = shift_row(Ground(table), rng)
        rows.add(tuple(cell.text for cell in planted.table.cells if cell.row == planted.places[0][0])[2:])
    assert {("", "50.50", "50.50"), ("50.50", "", ""), ("60.00", "1,200.00", "")} <= rows


def test_a_lost_row_closes_the_gap(rng):
    table = interpret(make_table(TEXTS[:5]))
    planted = lose_row(Ground(table), rng)
    lost = planted.before[0][0]
    kept = [row for row in range(5) if row != lost]
    assert planted.table.to_rows() == [list(TEXTS[row]) for row in kept]
    assert (planted.table.n_rows, len(planted.table.row_roles)) == (4, 4)
    assert [(part.first_row, part.last_row) for part in planted.table.fragments][-1][1] == 3
    assert planted.places == ()


def test_merged_rows_hold_the_texts_of_both(rng):
    table = interpret(make_table((*TEXTS[:2], *TEXTS[3:5])))
    planted = merge_rows(Ground(table), rng)
    assert planted.table.to_rows()[2] == [
        "20101 20102",
        "人大事务 政协事务",
        "1,260.00 50.50",
        "60.00 50.50",
        "1,200.00",
    ]
    assert [(part.first_row, part.last_row) for part in planted.table.fragments] == [(0, 2)]


@pytest.mark.parametrize(
    ("kind", "planter"), (*CELL_PLANTERS, *ROW_PLANTERS), ids=lambda value: getattr(value, "name", "")
)
def test_where_nothing_can_be_planted_nothing_is(kind, planter, rng):
    assert planter(Ground(interpret(make_table((TEXTS[0], ("", "合计", "", "", ""))))), rng) is None


def test_trials_are_the_same_for_the_same_seed_and_cover_the_kinds(specimen):
    baseline = check_untouched(specimen)
    assert (len(baseline.told), baseline.proposals) == (0, 0)
    trials = [replace(trial, seconds=0) for trial in run_trials(specimen, baseline, 28, 1)]
    assert trials == [replace(trial, seconds=0) for trial in run_trials(specimen, baseline, 28, 1)]
    assert {trial.kind for trial in trials} == set(Kind) - {Kind.LOST_MINUS}
    digits = [trial for trial in trials if trial.kind in (Kind.CONFUSED_DIGIT, Kind.LOST_POINT, Kind.SWAPPED_SIGN)]
    assert digits
    assert all(trial.covered and trial.flagged for trial in digits)


def finding(*places: tuple[int, int], proposal: str | None = None) -> Finding:
    return Finding("sum", Severity.ERROR, "off", tuple(CellRef("t001", *place) for place in places), "1", "2", proposal)


def with_status(table: Table, statuses: dict[tuple[int, int], AmountStatus]) -> Table:
    return replace(table, cells=tuple(replace(cell, status=statuses.get((cell.row, cell.col))) for cell in table.cells))


@pytest.fixture
def planted():
    """50.50 in row 4, column 2 is read as 60.50."""
    table = interpret(make_table(TEXTS[:5]))

    def alter(cell: Cell) -> Cell:
        return replace(cell, text="60.50", value=Decimal("60.50")) if (cell.row, cell.col) == (4, 2) else cell

    altered = replace(table, cells=tuple(alter(cell) for cell in table.cells))
    return Planted(Kind.CONFUSED_DIGIT, altered, ((4, 2),), ((4, 2),), ("50.50",), ("60.50",))


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ((), (False, False, Proposal.NONE)),
        ((finding((4, 2), (3, 2)),), (True, True, Proposal.NONE)),
        ((finding((3, 2), (4, 3)),), (True, False, Proposal.NONE)),
        ((finding((3, 2), (2, 2)),), (False, False, Proposal.NONE)),
        ((finding((4, 2), proposal="50.5"),), (True, True, Proposal.RIGHT)),
        ((finding((4, 2), proposal="50.6"),), (True, True, Proposal.WRONG)),
        ((finding((3, 2), (4, 2), proposal="50.50"),), (True, False, Proposal.WRONG)),
        ((finding((4, 2), proposal="50.50"), finding((3, 2), proposal="1")), (True, True, Proposal.WRONG)),
    ],
)
def test_new_findings_are_judged_by_what_was_planted(planted, findings, verdict):
    trial = judge(planted, planted.table, planted.table, findings)
    assert (trial.flagged, trial.first, trial.proposal) == verdict


def test_no_proposal_is_right_where_the_source_errs(planted):
    in_source = replace(planted, kind=Kind.SOURCE_ERROR)
    trial = judge(in_source, planted.table, planted.table, [finding((4, 2), proposal="50.50")])
    assert trial.proposal is Proposal.WRONG


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (None, None, (False, False)),
        (AmountStatus.PROVEN, AmountStatus.CONFLICT, (True, False)),
        (AmountStatus.CONFLICT, AmountStatus.CONFLICT, (False, False)),
        (AmountStatus.PROVEN, AmountStatus.PROVEN, (False, True)),
    ],
)
def test_a_new_conflict_is_noticed(planted, before, after, verdict):
    tables = [with_status(planted.table, {} if status is None else {(4, 2): status}) for status in (before, after)]
    trial = judge(planted, *tables, ())
    assert (trial.flagged, trial.proven) == verdict


def trial(kind: Kind, **fields: object) -> Trial:
    plain = Trial("d", "d", kind, "t001", 1, 2, "1", "2", True, True, True, True, False, Proposal.NONE, None, 0.01)
    return replace(plain, **fields)  # type: ignore[arg-type]


def test_figures_count_what_they_say():
    trials = [
        trial(Kind.CONFUSED_DIGIT, proposal=Proposal.RIGHT, verdict=ConflictVerdict.MISREADING),
        trial(Kind.DROPPED_DIGIT, flagged=False, first=False, proven=True),
        trial(Kind.RANDOM_DIGIT, covered=False, first=False, proposal=Proposal.WRONG),
        trial(Kind.LOST_ROW, first=False, verdict=ConflictVerdict.SOURCE),
        trial(Kind.SOURCE_ERROR, verdict=ConflictVerdict.SOURCE),
        trial(Kind.SOURCE_ERROR, covered=False, proposal=Proposal.WRONG),
    ]
    values = PlantedFigures().figures(trials_to_tally(trials))
    assert values == pytest.approx(
        {
            "planted": 4,
            "covered": 3 / 4,
            "flagged": 2 / 3,
            "constrained": 1.0,
            "flagged_constrained": 3 / 4,
            "flagged_all": 3 / 4,
            "named_first": 1 / 2,
            "wrongly_proven": 1 / 3,
            "proposed": 1 / 2,
            "proposals_right": 1 / 2,
            "told_misread": 1 / 2,
            "told_wrong": 1 / 2,
            "source_errors": 2,
            "source_flagged": 1.0,
            "source_told": 1.0,
            "source_told_misread": 0.0,
            "source_proposals": 1 / 2,
        }
    )
    assert list(values) == [info.name for info in INFOS]
    assert set(PlantedFigures().figures({}).values()) == {None}


def test_the_report_lists_what_went_wrong():
    trials = [trial(Kind.LOST_POINT, flagged=False, printed="1|5"), trial(Kind.SOURCE_ERROR, proposal=Proposal.WRONG)]
    text = trials_to_markdown(trials, [Untouched("d", 2, 1, 0, 0.02)], 0)
    assert "## Under a constraint and not flagged: 1" in text
    assert "## Hidden by sums and not flagged: none" in text
    assert "## Wrong proposals: 1" in text
    assert "| error of the source | 1 |" in text
    assert "1\\|5" in text
    assert trials_to_csv(trials).splitlines()[1].startswith("d,d,lost point,t001,1,2,1|5,2,True,True,False")
