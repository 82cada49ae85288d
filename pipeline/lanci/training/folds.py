"""Folds: what is held out together, models fitted without it, and what they say of it.

Folds are independent, so that they may run in several processes; the result does not depend on how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context

from lanci.errors import LanciError
from lanci.facets import FacetValues
from lanci.training.augment import vary
from lanci.training.calibrate import Terms, log_loss_terms
from lanci.training.compose import Stock, regroup, select_stock, stock_to_examples, titles_alone, without_facets
from lanci.training.examples import Example
from lanci.training.figures import rename_test
from lanci.training.fit import fit_models
from lanci.training.verdicts import FACETS, OTHER_KIND, TESTS, Bench, Verdict, judge

BUDGET_FORMS, OTHER_FORMS, NEW_TITLES = "budget forms never seen", "other forms never seen", "titles never seen"
NEW_COMBINATIONS = "combinations of facets never seen"

_LEAST_FRAGMENTS = 4
"""A combination of facets is held out when at least so many fragments have it."""

_N_COMBINATION_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Fold:
    """What is held out together: the documents of a place with every n-th form, or combinations of facets."""

    name: str
    number: int
    of: int
    groups: frozenset[str] = frozenset()
    combinations: frozenset[FacetValues] = frozenset()


@dataclass(frozen=True, slots=True)
class FoldResult:
    """What models that were fitted without the fold say of it; ``terms`` are for calibration."""

    verdicts: list[Verdict]
    terms: Terms = field(default_factory=dict)


def make_folds(stock: Stock, places: dict[str, str]) -> list[Fold]:
    """One fold a place of the real documents, when there are two and more, and folds of combinations of facets.

    Args:
        stock: all training examples.
        places: the place of every real document, by document id.
    """
    names = sorted({places[example.group] for example in stock.real})
    if len(names) < 2:
        return []
    by_place = [
        Fold(f"without {name}", i, len(names), frozenset(g for g, place in places.items() if place == name))
        for i, name in enumerate(names)
    ]
    held_out = split_combinations([example.truth.facets for example in (*stock.real, *stock.made)])
    return by_place + [
        Fold(f"without {len(held)} combinations of facets", i, len(held_out), combinations=held)
        for i, held in enumerate(held_out)
    ]


def split_combinations(facets: Sequence[FacetValues]) -> list[frozenset[FacetValues]]:
    """Combinations of facets to be held out together, so that each of their values is still seen in another.

    Args:
        facets: of all fragments, one each.
    """
    counts = Counter(facets)
    wanted = [one for one in sorted(counts, key=_key) if counts[one] >= _LEAST_FRAGMENTS and one.kind != OTHER_KIND]
    folds: list[set[FacetValues]] = [set() for _ in range(_N_COMBINATION_FOLDS)]
    for i, one in enumerate(wanted):
        for turn in range(_N_COMBINATION_FOLDS):
            fold = folds[(i + turn) % _N_COMBINATION_FOLDS]
            if _is_covered(fold | {one}, set(counts)):
                fold.add(one)
                break
    return [frozenset(fold) for fold in folds if fold]


def _key(facets: FacetValues) -> tuple[str, ...]:
    return tuple(getattr(facets, name) for name in FACETS)


def _is_covered(held_out: set[FacetValues], everything: set[FacetValues]) -> bool:
    rest = everything - held_out
    known = {(name, getattr(one, name)) for one in rest for name in FACETS}
    return all((name, getattr(one, name)) in known for one in held_out for name in FACETS)


def run_fold(stock: Stock, fold: Fold) -> FoldResult:
    """Fit models without the fold and judge it."""
    return _hold_out_combinations(stock, fold) if fold.combinations else _hold_out_place(stock, fold)


def _hold_out_place(stock: Stock, fold: Fold) -> FoldResult:
    """Hold out the documents of a place, and with them every n-th made-up form and title."""
    seen = select_stock(stock, lambda group: group not in fold.groups, lambda i: i % fold.of != fold.number)
    models = fit_models(stock_to_examples(seen), fold.name)
    held_out = [example for example in stock.real if example.group in fold.groups]
    bench = Bench(models, stock.alphabet, stock.contents)
    verdicts = judge(held_out, bench, TESTS)
    forms = [e for i, form in enumerate(stock.forms) if i % fold.of == fold.number for e in form]
    new_titles = [title for i, title in enumerate(stock.titles) if i % fold.of == fold.number]
    budget = regroup([e for e in forms if e.truth.facets.kind != OTHER_KIND], f"forms-{fold.number}")
    others = regroup([e for e in forms if e.truth.facets.kind == OTHER_KIND], f"others-{fold.number}")
    for name, examples in (
        (BUDGET_FORMS, budget),
        (OTHER_FORMS, others),
        (NEW_TITLES, titles_alone(new_titles, seen)),
    ):
        verdicts += rename_test(judge(examples, bench), name)
    return FoldResult(verdicts, log_loss_terms(_with_variants(held_out, stock.alphabet) + forms, models))


def _with_variants(examples: Sequence[Example], alphabet: str) -> list[Example]:
    return [*examples, *(v for i, example in enumerate(examples) for v in vary(example, alphabet, i))]


def _hold_out_combinations(stock: Stock, fold: Fold) -> FoldResult:
    """Hold out combinations of facets wherever they stand; their documents are judged whole, only they count."""
    models = fit_models(stock_to_examples(without_facets(stock, fold.combinations)), fold.name)
    concerned = {e.group for e in (*stock.real, *stock.made) if e.truth.facets in fold.combinations}
    documents = [e for e in (*stock.real, *stock.made) if e.group in concerned]
    verdicts = [
        v for v in judge(documents, Bench(models, stock.alphabet, stock.contents)) if v.truth in fold.combinations
    ]
    return FoldResult(rename_test(verdicts, NEW_COMBINATIONS))


def run_folds(stock: Stock, folds: Sequence[Fold], jobs: int, tell: Callable[[str], None]) -> Iterator[FoldResult]:
    """The results of all folds in their order; ``tell`` is given the name of each that is done.

    Args:
        stock: all training examples.
        folds: what is held out.
        jobs: how many processes work at a time; 1 works in this one.
        tell: told of every fold that is done.
    """
    if jobs == 1 or len(folds) < 2:
        for fold in folds:
            yield run_fold(stock, fold)
            tell(fold.name)
        return
    # A fresh process each: what this one has loaded and which threads it runs must not matter.
    with ProcessPoolExecutor(min(jobs, len(folds)), get_context("spawn"), _keep_stock, (stock,)) as pool:
        running = {pool.submit(_run_kept, fold): i for i, fold in enumerate(folds)}
        done: dict[int, FoldResult] = {}
        waiting: set[Future[FoldResult]] = set(running)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=running.__getitem__):
                done[running[future]] = _result(future)
                tell(folds[running[future]].name)
    yield from (done[i] for i in range(len(folds)))


def _result(future: Future[FoldResult]) -> FoldResult:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise LanciError(
            "a process that trains was killed, most likely for want of memory; train with --jobs 1"
        ) from error


_kept: list[Stock] = []
"""The stock of a working process, so that it is sent there once and not with every fold."""


def _keep_stock(stock: Stock) -> None:
    _kept[:] = [stock]


def _run_kept(fold: Fold) -> FoldResult:
    return run_fold(_kept[0], fold)
