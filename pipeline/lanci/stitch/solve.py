"""Cut a run of parts into tables: the cut with the greatest joint probability, and how sure each join is.

What speaks for a join depends on where the table began, so joins are not decided one by one. The probability of a cut
is the product of those of its joins and breaks, each given the table that runs there. The most probable cut, and the
sum over all cuts that have a join, are found part by part, for every place where the running table may have begun.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

SUREST = 8.0
"""Log odds beyond this count as this: signs are never surer than the documents from which their weights come."""
_HOPELESS = 7.0
"""A start of the running table is dropped below exp(-7), a thousandth, of the best one's probability."""
_MOST_STARTS = 4
"""No more starts than these, the most probable ones, are kept, and that of the best cut."""
_LEAST = 1e-5
"""A threshold nearer to 0 or 1 than this is this: it already goes beyond the surest sign."""

Weigh = Callable[[int, int], float]
"""``weigh(start, at)``: the log odds that the table which began with part ``start`` and has all parts up to ``at`` has
``at`` too; infinite where that is certain."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a run is cut: by part, the part its table begins with, and the probability of going on with the one before.

    The probability of the first part is 0.
    """

    starts: tuple[int, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """A table that runs at some part: ``start`` is where it began.

    ``total`` is the logarithm of the probability of all cuts that lead there, ``best`` that of the most probable one.
    ``came_from`` is the start of the table before it in that one where it begins at this part, None where it goes on.
    """

    start: int
    total: float
    best: float
    came_from: int | None = None


def solve(n_parts: int, weigh: Weigh, threshold: float = 0.5) -> Cut:
    """The best cut of a run.

    Args:
        n_parts: parts in the run.
        weigh: asked for every break in order, and only for starts that are not hopeless.
        threshold: parts are joined from this probability on; probabilities do not depend on it.
    """
    if not n_parts:
        return Cut((), ())
    bound = min(max(threshold, _LEAST), 1.0 - _LEAST)
    shift = math.log(bound / (1.0 - bound))
    steps, probabilities = [[_State(0, 0.0, 0.0)]], [0.0]
    for at in range(1, n_parts):
        odds = [_bounded(weigh(state.start, at)) for state in steps[-1]]
        probabilities.append(_share_joined(steps[-1], odds))
        steps.append(_step(steps[-1], odds, at, shift))
    return Cut(_trace(steps), tuple(probabilities))


def _bounded(odds: float) -> float:
    return odds if math.isinf(odds) else max(-SUREST, min(odds, SUREST))


def _share_joined(states: Sequence[_State], odds: Sequence[float]) -> float:
    whole = _log_sum(state.total for state in states)
    joined = _log_sum(state.total + _log_share(one) for state, one in zip(states, odds, strict=True))
    return math.exp(min(joined - whole, 0.0))


def _step(states: Sequence[_State], odds: Sequence[float], at: int, shift: float) -> list[_State]:
    """The tables that may run at part ``at``: those so far, and one that begins there."""
    found = []
    ended = []
    for state, one in zip(states, odds, strict=True):
        if one > -math.inf:
            found.append(_State(state.start, state.total + _log_share(one), state.best + _log_share(one - shift)))
        if one < math.inf:
            ended.append(_State(state.start, state.total + _log_share(-one), state.best + _log_share(shift - one)))
    if ended:
        last = max(ended, key=lambda state: state.best)
        found.append(_State(at, _log_sum(state.total for state in ended), last.best, last.start))
    return _keep(found)


def _keep(states: Sequence[_State]) -> list[_State]:
    """The states that are not hopeless, the most probable ones first."""
    leader = max(states, key=lambda state: (state.best, -state.start))
    ordered = sorted((state for state in states if state is not leader), key=lambda state: (-state.total, state.start))
    limit = max(state.total for state in states) - _HOPELESS
    return [leader, *(state for state in ordered[: _MOST_STARTS - 1] if state.total >= limit)]


def _trace(steps: Sequence[Sequence[_State]]) -> tuple[int, ...]:
    """By part the start of its table in the best cut, found from the last part back."""
    start = max(steps[-1], key=lambda state: (state.best, -state.start)).start
    starts = []
    for states in reversed(steps):
        starts.append(start)
        came_from = next(state.came_from for state in states if state.start == start)
        start = start if came_from is None else came_from
    return tuple(reversed(starts))


def _log_share(odds: float) -> float:
    """The logarithm of the probability of these log odds."""
    return 0.0 if odds == math.inf else -_log_sum((0.0, -odds))


def _log_sum(values: Iterable[float]) -> float:
    found = [value for value in values if value > -math.inf]
    if not found:
        return -math.inf
    top = max(found)
    if top == math.inf:
        return top
    return top + math.log(math.fsum(math.exp(value - top) for value in found))
