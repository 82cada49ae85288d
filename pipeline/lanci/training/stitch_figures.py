"""How links do on places that their model never saw: joins solved document by document, and how far to trust them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lanci.stitch import StitchOptions
from lanci.stitch.decide import chain_fragments
from lanci.stitch.model import LinkModel
from lanci.training.stitch_samples import LabelledStream
from lanci.training.stitch_streams import Origin

BINS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)


@dataclass(frozen=True, slots=True)
class BreakVerdict:
    """A page break with the probability of going on, whether it was joined and marked as doubtful, and the truth."""

    document: str
    page: int
    origin: Origin
    probability: float
    joined: bool
    doubtful: bool
    truth: bool

    @property
    def right(self) -> bool:
        return self.joined == self.truth


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """Figures of the streams of one origin.

    Attributes:
        origin: of the streams.
        breaks: at which a fragment may go on.
        wrong: of them, and ``silent`` of these, those that are not marked as doubtful.
        doubtful: breaks marked.
        precision, recall: of pairs of fragments that belong to one table.
        tables: and ``whole``, those whose fragments, and no others, came together.
        brier: mean squared distance of probabilities and truth.
    """

    origin: Origin
    breaks: int
    wrong: int
    silent: int
    doubtful: int
    precision: float
    recall: float
    tables: int
    whole: int
    brier: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Solved:
    """The tables of a stream as true and found numbers of each fragment, and what was said of its breaks."""

    origin: Origin
    true: tuple[str, ...]
    found: tuple[int, ...]
    verdicts: tuple[BreakVerdict, ...]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Breaks whose probability lies from ``low`` to below ``high``."""

    low: float
    high: float
    breaks: int
    mean: float
    joined: int


def solve_stream(one: LabelledStream, model: LinkModel) -> Solved:
    """Stitch a stream with a model and compare with the truth."""
    options = StitchOptions()
    found: list[int] = []
    verdicts: list[BreakVerdict] = []
    tables = one.stream.tables
    for number, chain in enumerate(chain_fragments(one.labelled, options, one.stream.blank, model)):
        for place, (part, link) in enumerate(zip(chain.parts, chain.links, strict=True)):
            at = len(found)
            found.append(number)
            if at and one.labelled[at - 1].fragment.page < part.labelled.fragment.page:
                probability = link.model_probability
                verdicts.append(
                    BreakVerdict(
                        document=one.stream.document,
                        page=part.labelled.fragment.page,
                        origin=one.stream.origin,
                        probability=probability,
                        joined=place > 0,
                        doubtful=_is_doubtful(probability, options, joined=place > 0),
                        truth=tables[at] == tables[at - 1],
                    )
                )
    return Solved(one.stream.origin, tables, tuple(found), tuple(verdicts))


def _is_doubtful(probability: float, options: StitchOptions, *, joined: bool) -> bool:
    return probability <= options.doubtful_to if joined else probability >= options.doubtful_from


def measure_links(solved: Sequence[Solved]) -> list[LinkFigures]:
    """The figures of each origin that there is."""
    by_origin = {origin: [one for one in solved if one.origin is origin] for origin in Origin}
    return [_measure(origin, own) for origin, own in by_origin.items() if own]


def _measure(origin: Origin, solved: Sequence[Solved]) -> LinkFigures:
    verdicts = [verdict for one in solved for verdict in one.verdicts]
    true, found, right = (sum(counts) for counts in zip(*(_count_pairs(one) for one in solved), strict=True))
    tables, whole = (sum(counts) for counts in zip(*(_count_tables(one) for one in solved), strict=True))
    squares = [(verdict.probability - verdict.truth) ** 2 for verdict in verdicts]
    return LinkFigures(
        origin=origin,
        breaks=len(verdicts),
        wrong=sum(not verdict.right for verdict in verdicts),
        silent=sum(not verdict.right and not verdict.doubtful for verdict in verdicts),
        doubtful=sum(verdict.doubtful for verdict in verdicts),
        precision=right / found if found else 1.0,
        recall=right / true if true else 1.0,
        tables=tables,
        whole=whole,
        brier=sum(squares) / len(squares) if squares else 0.0,
    )


def _count_pairs(one: Solved) -> tuple[int, int, int]:
    """Pairs of fragments of one table: true ones, found ones, and those that are both."""
    true, found = Counter(one.true), Counter(one.found)
    both = Counter(zip(one.true, one.found, strict=True))
    return _pairs(true.values()), _pairs(found.values()), _pairs(both.values())


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _count_tables(one: Solved) -> tuple[int, int]:
    """True tables, and those of them that were found whole and alone."""
    true, found = Counter(one.true), Counter(one.found)
    both = Counter(zip(one.true, one.found, strict=True))
    whole = sum(count == true[table] == found[chain] for (table, chain), count in both.items())
    return len(true), whole


def measure_reliability(verdicts: Sequence[BreakVerdict]) -> list[ReliabilityBin]:
    """How often breaks of each range of probability are joins in truth; empty ranges are left out."""
    bins = []
    for low, high in pairwise(BINS):
        own = [v for v in verdicts if low <= v.probability < high or (high == BINS[-1] and v.probability == high)]
        if own:
            mean = sum(verdict.probability for verdict in own) / len(own)
            bins.append(ReliabilityBin(low, high, len(own), mean, sum(verdict.truth for verdict in own)))
    return bins
