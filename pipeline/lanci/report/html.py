"""The page: without scripts, and without anything that it would have to fetch."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import jinja2

from lanci.bulk import State
from lanci.errors import OutputError
from lanci.report.charts import BAR_WIDTH, CHART_HEIGHT, COLUMN_WIDTH, tally_to_segments, to_column_chart
from lanci.report.facts import SPEED_LIMITS, StoreFacts

_TEMPLATE = "report.html.j2"
_NOTHING = "–"
_UNKNOWN = "unknown"


def facts_to_html(facts: StoreFacts, title: str) -> str:
    """The page of a store.

    Every text is escaped, wherever it comes from: names of files are what strangers chose. Characters that cannot be
    seen, or that turn the text around them, are written out.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lanci.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=_to_count, visible=to_visible, duration=to_duration, segments=tally_to_segments, share=_to_share
    )
    environment.globals.update(bar_width=BAR_WIDTH, column_width=COLUMN_WIDTH, chart_height=CHART_HEIGHT, states=State)
    years = [(_UNKNOWN if year is None else str(year), tally.documents) for year, tally in facts.years]
    return environment.get_template(_TEMPLATE).render(
        facts=facts,
        title=title,
        years=to_column_chart("Documents by budget year", years),
        speeds=to_column_chart(
            "Documents by seconds per page", list(zip(_speed_labels(), facts.times.classes, strict=True))
        ),
    )


def write_report(page: str, target: Path) -> None:
    """Write the page so that it is never seen half.

    Raises:
        OutputError: it cannot be written.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(page, encoding="utf-8", newline="\n")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}; choose another file") from error


def to_visible(text: str) -> str:
    """The text with everything invisible written out: control characters, marks of direction, broken Unicode."""
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in text)


def to_duration(seconds: float) -> str:
    """Hours, minutes and seconds: ``1 h 02 min``, ``3 min 20 s``, ``4.2 s``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    minutes = round(whole / 60)
    return f"{minutes // 60:,} h {minutes % 60:02} min"


def _to_count(number: int) -> str:
    return f"{number:,}"


def _to_share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else _NOTHING


def _speed_labels() -> list[str]:
    limits = [f"{limit:g}" for limit in SPEED_LIMITS]
    return [f"< {limits[0]}", *(f"{a}–{b}" for a, b in pairwise(limits)), f"≥ {limits[-1]}"]
