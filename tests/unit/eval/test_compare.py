"""Two runs side by side: a planted difference is found, noise is not, and only the same documents are compared."""

import random
from dataclasses import replace

import pytest

from lanci.errors import UnsupportedInputError
from lanci_eval.metrics.base import FigureInfo, Metric, share
from lanci_eval.records import Status
from lanci_eval.report import comparison_to_markdown
from lanci_eval.results import DatasetInfo, ItemInfo, ItemResult, Results, RunInfo, SystemInfo
from lanci_eval.results.compare import Pairing, Verdict, compare_runs

N_DOCUMENTS = 24
N_CELLS = 200


class Cells(Metric):
    """The share that is right and the share that is wrong."""

    name = "cells"
    infos = (
        FigureInfo("right", "Share of cells that are right."),
        FigureInfo("wrong", "Share of cells that are wrong.", higher_is_better=False),
        FigureInfo("never", "Always undefined."),
    )

    def tally(self, case):
        raise NotImplementedError

    def figures(self, sums):
        right = share(sums.get("right", 0.0), sums.get("n", 0.0))
        return {"right": right, "wrong": None if right is None else 1 - right, "never": None}


def make_run(rights, *, systems=("lanci",), dataset="demo"):
    """A run whose systems all have ``rights`` cells right in each document."""
    items = tuple(ItemInfo(f"d{k:02}", f"g{k}", f"{k:064}", 1) for k in range(len(rights)))
    return Results(
        RunInfo((), (), ()),
        (DatasetInfo(dataset, "kind", (), items),),
        tuple(SystemInfo(name, name, (), ()) for name in systems),
        tuple(
            ItemResult(
                dataset, item.id, name, Status.OK, "", (), (("cells", {"n": float(N_CELLS), "right": float(right)}),)
            )
            for item, right in zip(items, rights, strict=True)
            for name in systems
        ),
    )


@pytest.fixture
def hard():
    """How many cells are right in documents of very different difficulty."""
    dice = random.Random(11)
    return [dice.randint(40, 180) for _ in range(N_DOCUMENTS)]


def verdicts(comparison):
    return {d.info.name: d.verdict for d in comparison.differences}


def test_a_small_difference_on_every_document_is_found(hard):
    a, b = make_run(hard), make_run([right + 2 + k % 3 for k, right in enumerate(hard)])
    comparison = compare_runs(a, b, [Cells])
    assert verdicts(comparison) == {"right": "better", "wrong": "better", "never": "undefined"}
    assert set(verdicts(compare_runs(b, a, [Cells])).values()) == {Verdict.WORSE, Verdict.UNDEFINED}
    right = comparison.differences[0]
    assert right.difference == pytest.approx(3 / N_CELLS, abs=1e-9)
    # far less than the documents differ among themselves: the comparison is paired
    assert 0.009 < right.low < right.difference < right.high < 0.021


def test_noise_is_no_difference(hard):
    signs = [1, -1] * (N_DOCUMENTS // 2)
    a, b = make_run(hard), make_run([right + 9 * sign for right, sign in zip(hard, signs, strict=True)])
    assert verdicts(compare_runs(a, b, [Cells]))["right"] is Verdict.NO_DIFFERENCE
    same = compare_runs(a, a, [Cells]).differences[0]
    assert (same.difference, same.low, same.high, same.verdict) == (0, 0, 0, Verdict.NO_DIFFERENCE)


def test_five_documents_are_too_few_for_a_verdict(hard):
    a, b = make_run(hard[:5]), make_run([right + 10 for right in hard[:5]])
    assert verdicts(compare_runs(a, b, [Cells]))["right"] is Verdict.TOO_FEW


def test_only_the_same_documents_are_compared(hard):
    a, b = make_run(hard), make_run([right + 5 for right in hard])
    items = list(b.datasets[0].items)
    items[3] = replace(items[3], sha256="f" * 64)
    extra = ItemInfo("other", "other", "e" * 64, 1)
    outcomes = [replace(o, item="other") if o.item == "d01" else o for o in b.outcomes]
    b = replace(b, datasets=(replace(b.datasets[0], items=(*items, extra)),), outcomes=tuple(outcomes))
    comparison = compare_runs(a, b, [Cells])
    (coverage,) = comparison.coverage
    assert (coverage.only_a, coverage.only_b, coverage.changed) == (("d01",), ("other",), ("d03",))
    assert coverage.n_items == coverage.n_groups == comparison.differences[0].n_groups == N_DOCUMENTS - 2
    left = [right for k, right in enumerate(hard) if k not in (1, 3)]
    assert comparison.differences[0].a == pytest.approx(sum(left) / len(left) / N_CELLS)
    text = comparison_to_markdown(comparison)
    assert "1 only in A: d01." in text
    assert "1 another file in B under the same name, so not compared: d03." in text


def test_a_system_that_was_not_available_is_not_compared(hard):
    a = make_run(hard)
    b = replace(a, outcomes=tuple(replace(o, status=Status.UNAVAILABLE) for o in a.outcomes))
    comparison = compare_runs(a, b, [Cells])
    assert comparison.coverage[0].n_items == 0
    assert set(verdicts(comparison).values()) == {Verdict.UNDEFINED}
    assert "No figure is defined on both sides." in comparison_to_markdown(comparison)


def test_two_systems_of_one_run(hard):
    run = make_run(hard, systems=("one", "two"))
    worse = [
        replace(o, tallies=(("cells", {"n": float(N_CELLS), "right": 20.0}),)) if o.system == "two" else o
        for o in run.outcomes
    ]
    run = replace(run, outcomes=tuple(worse))
    comparison = compare_runs(run, run, [Cells], pairings=[Pairing("one", "two")])
    assert verdicts(comparison)["right"] is Verdict.WORSE
    text = comparison_to_markdown(comparison)
    assert "## demo: two against one" in text
    assert "B is worse in cells right, cells wrong." in text
    assert "| cells right ↑ |" in text


def test_runs_without_anything_in_common_are_refused(hard):
    a = make_run(hard)
    with pytest.raises(UnsupportedInputError, match="no dataset in common"):
        compare_runs(a, make_run(hard, dataset="other"), [Cells])
    with pytest.raises(UnsupportedInputError, match="no system in common"):
        compare_runs(a, make_run(hard, systems=("other",)), [Cells])
    with pytest.raises(UnsupportedInputError, match="second run has no system 'x'"):
        compare_runs(a, a, [Cells], pairings=[Pairing("lanci", "x")])
    more = compare_runs(a, make_run(hard, systems=("lanci", "other")), [Cells])
    assert more.unmatched == ("system other of the second run",)
