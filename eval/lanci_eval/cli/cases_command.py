"""``lanci eval cases``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from lanci.errors import ExitCode
from lanci_eval.cases import HardCase, Outcome, Problem, State, check_cases, find_case_files, own_cases, read_cases

_MARKS = {State.HOLDS: "✓", State.FAILS: "✗", State.NO_FILE: "–"}
_COUNTED = {State.HOLDS: "hold", State.FAILS: "fail", State.NO_FILE: "without their file"}
_MOST_SHOWN = 8
"""Problems of a case that are printed."""


def check_cases_in(folder: Path, ids: Sequence[str], checks: Path | None, *, as_json: bool) -> ExitCode:
    """Check cases on the files under a folder and print what came of each.

    Args:
        folder: where the files of the cases are looked for.
        ids: the cases to check; all when empty.
        checks: a folder of cases; those that come with lanci when None.
        as_json: print JSON at the end instead of a line a case.

    Raises:
        click.UsageError: there is no such case, or none of the files is there.
        CaseError: a file of cases breaks its rules.
    """
    cases = _choose(own_cases() if checks is None else read_cases(checks), ids)
    found = find_case_files(cases, folder)
    if not found:
        raise click.UsageError(
            f"none of the {len(cases)} cases has its file under {folder}; name the corpus they are of."
        )
    with click.progressbar(check_cases(cases, found), length=len(cases), file=sys.stderr) as checked:
        outcomes = sorted(checked, key=lambda outcome: cases.index(outcome.case))
    counts = Counter(outcome.state for outcome in outcomes)
    if as_json:
        click.echo(_to_json(outcomes, counts))
    else:
        click.echo("\n".join(line for outcome in outcomes for line in _to_lines(outcome)))
        told = ", ".join(f"{counts[state]} {word}" for state, word in _COUNTED.items())
        click.echo(f"{len(outcomes)} cases: {told}")
    return ExitCode.SOME_FAILED if counts[State.FAILS] else ExitCode.OK


def _choose(cases: Sequence[HardCase], ids: Sequence[str]) -> Sequence[HardCase]:
    known = [case.id for case in cases]
    for name in ids:
        if name not in known:
            raise click.UsageError(f"there is no case {name}; there are {', '.join(known)}.")
    return [case for case in cases if case.id in ids] if ids else cases


def _to_lines(outcome: Outcome) -> Iterator[str]:
    case = outcome.case
    pages = ", ".join(_spell_pages(case.pages))
    missing = ": no such file here" if outcome.state is State.NO_FILE else ""
    yield f"{_MARKS[outcome.state]} {case.id:4} {case.file.name}, page {pages}{missing}"
    if outcome.state is State.FAILS:
        yield f"       {case.says}"
    for problem in outcome.problems[:_MOST_SHOWN]:
        place = "" if problem.page is None else f"page {problem.page}: "
        yield f"       {place}expected {problem.expected}; found {problem.found}"
    if len(outcome.problems) > _MOST_SHOWN:
        yield f"       and {len(outcome.problems) - _MOST_SHOWN} more; --json shows all"


def _spell_pages(pages: Sequence[int]) -> Iterator[str]:
    """Page numbers, ascending ones without a gap as ``first-last``."""
    for _, run in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0]):
        numbers = [page for _, page in run]
        yield str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


def _to_json(outcomes: Sequence[Outcome], counts: Counter[State]) -> str:
    content = {
        "schema": "lanci/cases/1",
        "counts": {state.value: counts[state] for state in State},
        "cases": [
            {
                "id": outcome.case.id,
                "file": outcome.case.file.name,
                "sha256": outcome.case.file.sha256,
                "pages": outcome.case.pages,
                "says": outcome.case.says,
                "state": outcome.state.value,
                "problems": [_problem_to_json(problem) for problem in outcome.problems],
            }
            for outcome in outcomes
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _problem_to_json(problem: Problem) -> dict[str, str | int | None]:
    return {"page": problem.page, "expected": problem.expected, "found": problem.found}
