"""The files of a draft."""

from __future__ import annotations

from pathlib import Path

from lanci.annotation import save_annotation
from lanci.errors import OutputError
from lanci_eval.truth.doubts import draft_to_doubts, draft_to_summary
from lanci_eval.truth.draft import About, Draft, make_draft
from lanci_eval.truth.pictures import draw_annotation, draw_contact_sheet
from lanci_eval.truth.readings import Readings


def write_draft(readings: Readings, about: About, out: Path, *, pictures: bool = True, again: bool = False) -> str:
    """Write ``ID.json``, ``ID.doubts.md`` and, of pages with tables, ``ID/page-NNN.png``; returns a summary line.

    All other pages stand small on one picture, so that a table that nobody found is seen. Raises OutputError when a
    file cannot be written, or the annotation is there already and ``again`` is not set: work on it would be lost.
    """
    draft = make_draft(readings, about)
    name = draft.document.id
    if (out / f"{name}.json").exists() and not again:
        raise OutputError(f"{out / name}.json is there already; draft it --again if no work on it is to be kept")
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name}.doubts.md").write_text(draft_to_doubts(draft), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out} cannot be written ({error.strerror}); choose another folder") from error
    save_annotation(draft.document, out / f"{name}.json")
    if pictures:
        draw_annotation(draft.document, readings.path, out / name, doubtful=_doubtful(draft))
        shown = {part.page for table in draft.document.tables for part in table.fragments}
        rest = [number for number in range(1, draft.document.n_pages + 1) if number not in shown]
        draw_contact_sheet(readings.path, rest, out / name / "other-pages.png")
    return draft_to_summary(draft)


def _doubtful(draft: Draft) -> frozenset[tuple[str, int, int]]:
    return frozenset(
        (drafted.annotated.table.id, doubt.row, doubt.col)
        for drafted in draft.tables
        for doubt in drafted.doubts
        if not doubt.repeated
    )
