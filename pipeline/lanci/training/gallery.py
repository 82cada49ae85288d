"""Where models fail: sentences, and the fragments they were surest of and wrong about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lanci.training.verdicts import FACETS, Verdict

_MAX_ROLES = 3


def verdict_to_errors(verdict: Verdict) -> list[str]:
    """What is wrong with a fragment, a few words each; empty when all is right."""
    errors = [
        f"{name} {getattr(verdict.found, name)} for {getattr(verdict.truth, name)}"
        for name in FACETS
        if getattr(verdict.found, name) != getattr(verdict.truth, name)
    ]
    found, true = verdict.header_rows
    if found != true:
        errors.append(f"{found} header rows for {true}")
    for what, pairs in (("row", verdict.rows), ("header cell", verdict.cells), ("column", verdict.columns)):
        if what == "header cell" and found != true:
            continue  # the cells follow from the rows
        wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
        for (one, other), count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:_MAX_ROLES]:
            errors.append(f"{what} {one} for {other}" + (f" ({count})" if count > 1 else ""))
    return errors


def verdicts_to_failures(verdicts: Iterable[Verdict]) -> list[str]:
    """One sentence for every fragment with an error."""
    return [
        f"{place_of(verdict)}: {', '.join(errors)}" for verdict in verdicts if (errors := verdict_to_errors(verdict))
    ]


def place_of(verdict: Verdict) -> str:
    """Where a fragment stands, in words."""
    return f"{verdict.group} {verdict.table} page {verdict.page} {verdict.title or '(no title)'}"


def find_worst(verdicts: Sequence[Verdict], count: int) -> list[Verdict]:
    """Fragments whose facets or header rows are wrong, the surest first, one a table."""
    worst: dict[tuple[str, str], Verdict] = {}
    for verdict in sorted(verdicts, key=lambda v: (-v.probability, v.group, v.table, v.page)):
        if verdict.sketch:
            worst.setdefault((verdict.group, verdict.table), verdict)
    return list(worst.values())[:count]


def sketch_to_markdown(sketch: Sequence[Sequence[str]]) -> str:
    """The first rows of a fragment as a table."""
    lines = ["| " + " | ".join(map(_clean, row)) + " |" for row in sketch]
    return "\n".join([lines[0], "|" + "---|" * len(sketch[0]), *lines[1:]])


def _clean(text: str) -> str:
    return text.replace("|", "｜").replace("\n", " ")
