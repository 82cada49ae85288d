"""The card of the confidence model: on what it was fitted, how well its probabilities hold, what its limits do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lanci.ocr.confidence import Worth
from lanci.ocr.evidence import FEATURES, Head
from lanci.training.confidence_fit import FittedConfidence, Sample

_BINS = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
_SHARES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)
_N_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """What a limit does to the cells of one worth, judged by models that never saw their document.

    ``review`` is the share that is marked, ``silent`` counts cells that hide a wrong amount and are not marked;
    both with an interval of 95 % over documents drawn with replacement.
    """

    worth: Worth
    limit: float
    cells: int
    wrong: int
    review: float
    review_range: tuple[float, float]
    silent: int
    silent_range: tuple[int, int]


def measure_limits(samples: Sequence[Sample], fitted: FittedConfidence) -> list[LimitFigures]:
    """The figures of all limits."""
    worths = [sample.worth for sample in samples]
    figures = []
    for worth in Worth:
        own = [i for i, one in enumerate(worths) if one is worth]
        limit = fitted.model.limits[worth]
        marked = np.array([fitted.held_out[i] < limit for i in own], dtype=bool)
        costly = np.array([samples[i].amount and not samples[i].right for i in own], dtype=bool)
        groups = [samples[i].group for i in own]
        low, high = _draw(groups, np.stack([marked, costly & ~marked]).astype(float))
        figures.append(
            LimitFigures(
                worth,
                limit,
                len(own),
                sum(not samples[i].right for i in own),
                float(marked.mean()) if own else 0.0,
                (low[0] / max(len(own), 1), high[0] / max(len(own), 1)),
                int((costly & ~marked).sum()),
                (round(low[1]), round(high[1])),
            )
        )
    return figures


def _draw(groups: Sequence[str], counts: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """The 2.5 and 97.5 % quantiles of sums over documents drawn with replacement."""
    names = sorted(set(groups))
    if not names:
        return [0.0] * len(counts), [0.0] * len(counts)
    number = {name: i for i, name in enumerate(names)}
    places = np.array([number[name] for name in groups])
    sums = np.stack([np.bincount(places, weights=row, minlength=len(names)) for row in counts])
    drawn = np.random.default_rng(0).integers(len(names), size=(_N_DRAWS, len(names)))
    totals = sums[:, drawn].sum(axis=2)
    return np.quantile(totals, 0.025, axis=1).tolist(), np.quantile(totals, 0.975, axis=1).tolist()


def confidence_to_card(samples: Sequence[Sample], fitted: FittedConfidence, versions: dict[str, str]) -> str:
    """The card in Markdown; nothing in it depends on the time or the machine."""
    parts = [
        _introduction(fitted),
        _data(samples),
        _method(fitted),
        _limits(samples, fitted),
        _curve(samples, fitted),
        _reliability(samples, fitted),
        _weights(fitted),
        _caveats(versions),
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(fitted: FittedConfidence) -> str:
    model = fitted.model
    return f"""# {model.name} {model.version}

Three logistic regressions that say how probable it is that a cell of a scanned page was read exactly: one for cells
among numbers, one for other texts, one for blank cells. They set `confidence` and `needs_review` of every cell that the
`rapidocr` or `openvino` engine read.

**Use**: deciding which cells a person looks at. **Not for**: other recognisers, which give other probabilities."""


def _data(samples: Sequence[Sample]) -> str:
    profiles = Counter(sample.profile for sample in samples)
    rows = "\n".join(f"| {name or 'none'} | {count} |" for name, count in sorted(profiles.items()))
    groups = len({sample.group for sample in samples})
    amounts = sum(sample.amount for sample in samples)
    return f"""## Data

{len(samples)} cells, {amounts} of them printed amounts, of scans of {groups} documents of the training side,
whose truth is known cell by cell. A cell counts where its row and column have partners in the truth, also when the
grid is wrong elsewhere.

| degradation | cells |
|---|---|
{rows}"""


def _method(fitted: FittedConfidence) -> str:
    strengths = ", ".join(f"{head} {strength:g}" for head, strength in fitted.strengths.items())
    return f"""## Method

Standardised evidence, regularised (C: {strengths}); slope and shift calibrated on held-out scores. Every figure below
is of models that saw neither the document nor any other scan of it (five folds by document)."""


def _limits(samples: Sequence[Sample], fitted: FittedConfidence) -> str:
    lines = [
        "## Limits",
        "",
        "A cell needs review when its probability is below the limit for what it holds.",
        "",
        "| cells | limit | count | wrong | marked | 95 % | hiding a wrong amount, unmarked | 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in measure_limits(samples, fitted):
        low, high = one.review_range
        lines.append(
            f"| {one.worth} | {one.limit:.4f} | {one.cells} | {one.wrong} | {one.review:.2%} | {low:.2%} to {high:.2%} "
            f"| {one.silent} | {one.silent_range[0]} to {one.silent_range[1]} |"
        )
    return "\n".join(lines)


def _curve(samples: Sequence[Sample], fitted: FittedConfidence) -> str:
    own = [i for i, sample in enumerate(samples) if sample.worth is Worth.AMOUNT]
    order = sorted(own, key=lambda i: (fitted.held_out[i], i))
    lines = [
        "## Review against silent errors",
        "",
        "Cells among numbers, the least probable looked at first:",
        "",
        "| looked at | wrong amounts left |",
        "|---|---|",
    ]
    for share in _SHARES:
        rest = order[round(share * len(order)) :]
        left = sum(samples[i].amount and not samples[i].right for i in rest)
        lines.append(f"| {share:.0%} | {left} of {len(order)} cells |")
    return "\n".join(lines)


def _reliability(samples: Sequence[Sample], fitted: FittedConfidence) -> str:
    lines = [
        "## Reliability",
        "",
        "| head | probability | cells | mean probability | right | 95 % |",
        "|---|---|---|---|---|---|",
    ]
    for head in Head:
        for low, high in pairwise(_BINS):
            own = [
                i
                for i, sample in enumerate(samples)
                if sample.head is head and low <= fitted.held_out[i] < (high if high < 1 else 2)
            ]
            if own:
                right = sum(samples[i].right for i in own)
                mean = float(np.mean([fitted.held_out[i] for i in own]))
                below, above = _wilson(right, len(own))
                lines.append(
                    f"| {head} | {low:g} to {high:g} | {len(own)} | {mean:.4f} | {right / len(own):.4f} "
                    f"| {below:.4f} to {above:.4f} |"
                )
    return "\n".join(lines)


def _wilson(right: int, count: int) -> tuple[float, float]:
    z, share = 1.96, right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _weights(fitted: FittedConfidence) -> str:
    lines = [
        "## Weights",
        "",
        "Of standardised evidence (see `lanci.ocr.evidence`); what is above 0 speaks for a reading.",
        "",
        "| evidence | " + " | ".join(Head) + " |",
        "|---|" + "---|" * len(Head),
    ]
    for i, name in enumerate(FEATURES):
        values = [fitted.model.heads[head].weights[i] for head in Head]
        if any(abs(value) >= 0.005 for value in values):
            lines.append(f"| {name} | " + " | ".join(f"{value:+.2f}" for value in values) + " |")
    return "\n".join(lines)


def _caveats(versions: dict[str, str]) -> str:
    told = ", ".join(f"{name} {value}" for name, value in sorted(versions.items()))
    return f"""## What it does not know

- Degradations are made by a program; real scans may be worse in ways that it does not make.
- A cell that the grid lacks altogether has no reading, and no confidence.
- Cells of one page err together: intervals are over documents, of which there are few.

Made with {told}. Make it again with `lanci eval calibrate`."""
