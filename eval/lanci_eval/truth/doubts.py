"""What a person must settle in a drafted annotation, as a Markdown list in the order of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lanci.annotation.records import How
from lanci.document import LabelledFragment, RowRole
from lanci.text import normalize
from lanci_eval.truth.draft import UNKNOWN, CellDoubt, Draft, TableDraft, merged_at_break
from lanci_eval.truth.readings import Area

_SURE = 0.9
"""A label that the models give less probability is listed."""
_SHOWN_CELLS = 80
_LONG, _SHORT = 100, 24


def draft_to_doubts(draft: Draft) -> str:
    """The list ``ID.doubts.md``."""
    lines = [*_head(draft), *_overview(draft), *_pages(draft), *_problems(draft)]
    for number, table in enumerate(draft.tables):
        lines += _table(draft, number, table)
    return "\n".join(lines) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    document = draft.document
    n_settled = sum(table.settled for table in draft.tables)
    cells = sum(len(t.annotated.table.cells) for t in draft.tables)
    doubtful = sum(t.n_doubtful for t in draft.tables)
    yield f"# {document.id}: what to settle"
    yield ""
    scanned = "scanned" if document.scanned else "digital"
    yield f"{document.name}; {scanned}, {document.n_pages} pages, {len(draft.tables)} tables, {cells} cells."
    yield f"Settled but for page breaks and types: {n_settled} tables. Cells to look at: {doubtful}."
    if document.scanned:
        yield "A scan has one reading: every cell is to be read; listed are those that OCR itself doubts."
    yield ""
    fields = [name for name in ("province", "city", "published", "layout") if getattr(document, name) == UNKNOWN]
    if fields:
        yield f"- [ ] to fill in: {', '.join(fields)}; check id, name, county and fiscal year {document.fiscal_year}"
    for other in draft.readings.others:
        if other.failure:
            yield f"- {other.name} broke down: {other.failure}"
    for page in draft.readings.own.pages:
        for remark in page.remarks:
            yield f"- page {page.number}: {remark}"
    yield ""


def _overview(draft: Draft) -> Iterator[str]:
    yield "- [ ] compare every title with its type below; models are sure of wrong types, too"
    yield "- [ ] look at other-pages.png: no table on any of these pages?"
    yield ""
    yield "| table | pages | title | rows x columns | type | cells to look at | sums that hold | draft |"
    yield "|---|---|---|---|---|---|---|---|"
    for drafted in draft.tables:
        table, sums = drafted.annotated.table, drafted.arithmetic
        pages = ", ".join(str(part.page) for part in drafted.annotated.fragments)
        n_breaks = len(drafted.annotated.fragments) - 1
        state = drafted.annotated.verification.how.value if drafted.settled else "**TO SETTLE**"
        state += f", {n_breaks} breaks" if n_breaks else ""
        broken = f", {len(sums.broken)} broken" if sums.broken else ""
        yield (
            f"| {table.id} | {pages} | {_cell(table.caption.title)} | {table.n_rows} x {table.n_cols} | {table.type} "
            f"| {drafted.n_doubtful} of {len(table.cells)} | {sums.n_holding}{broken} | {state} |"
        )
    yield ""


def _pages(draft: Draft) -> Iterator[str]:
    """Page breaks between tables, areas without a table and grids that only others found."""
    lines = [*_breaks_between(draft), *_empty_areas(draft), *_lonely(draft)]
    if lines:
        yield from ("## Pages", "", *lines, "")


def _breaks_between(draft: Draft) -> Iterator[str]:
    """Where a table ends and another one begins on the next page; the sure ones on one line."""
    sure = []
    for upper, lower in pairwise(draft.tables):
        last, first = upper.annotated.fragments[-1].page, lower.annotated.fragments[0].page
        if last + 1 != first:
            continue
        ids = f"{upper.annotated.table.id} (page {last}) and {lower.annotated.table.id} (page {first})"
        reasons = lower.joins[0][1]
        if reasons:
            yield f"- [ ] not joined: {ids}: {'; '.join(reasons)}"
        else:
            sure.append(ids)
    if sure:
        yield f"- [ ] surely different tables on neighbouring pages: {', '.join(sure)}"


def _empty_areas(draft: Draft) -> Iterator[str]:
    for area in draft.readings.areas:
        if not any(_shares(area, one) for one in draft.readings.fragments):
            look = "ruled cells" if area.ruled else "aligned columns of text"
            box = area.box
            place = f"x {box.x0:.0f}-{box.x1:.0f}, y {box.y0:.0f}-{box.y1:.0f}"
            yield f"- [ ] page {area.page}: {look} at {place}, but no table"


def _shares(area: Area, one: LabelledFragment) -> bool:
    fragment = one.fragment
    return fragment.page == area.page and fragment.box.intersect(area.box).area > 0


def _lonely(draft: Draft) -> Iterator[str]:
    for grid in draft.agreement.lonely:
        yield (
            f"- [ ] page {grid.page}: only {grid.name} has a table of {grid.n_rows} x {grid.n_cols} here: "
            f"{_cell(grid.text)}"
        )


def _problems(draft: Draft) -> Iterator[str]:
    if draft.problems:
        lines = (f"- [ ] {problem}" for problem in draft.problems)
        yield from ("## Contradictions in the draft (must go)", "", *lines, "")


def _table(draft: Draft, number: int, drafted: TableDraft) -> Iterator[str]:
    table = drafted.annotated.table
    state = "settled but for what is listed here" if drafted.settled else "TO SETTLE"
    yield from (f"## {table.id} 《{table.caption.title}》 {state}", "")
    yield from _type_and_caption(drafted)
    yield from _header(drafted)
    yield from _breaks(drafted)
    yield from (f"- [ ] {remark}" for remark in drafted.remarks)
    yield from _sums(drafted)
    yield from _cells(draft, drafted)
    yield from _ending(drafted)
    yield ""


def _type_and_caption(drafted: TableDraft) -> Iterator[str]:
    table, found = drafted.annotated.table, drafted.facets
    unsure = False
    words = []
    named = (("kind", table.kind), ("fund", table.fund), ("scope", table.scope))
    for name, value in (*named, ("classification", table.classification)):
        probability = dict(getattr(found, name)).get(value, 0.0)
        low = probability < _SURE
        unsure = unsure or low
        ranked = ", or ".join(f"{other} {p:.2f}" for other, p in getattr(found, name)[:3] if other != value)
        words.append(f"{name} {value} {probability:.2f}" + (f" ({ranked})" if low and ranked else ""))
    yield f"- {'[ ] ' if unsure else ''}type {table.type}: {'; '.join(words)}"
    caption = table.caption
    missing = not caption.title or (not caption.unit and drafted.arithmetic.n_amounts)
    yield (
        f"- {'[ ] ' if missing else ''}title “{caption.title}”, unit “{caption.unit}”, entity “{caption.entity}” "
        f"{caption.entity_code}, year {caption.fiscal_year}"
    )
    for part in drafted.annotated.fragments:
        yield f"  - above it on page {part.page}: {' / '.join(part.caption_lines) or '(nothing)'}"
    if table.notes:
        yield f"  - notes: {' / '.join(table.notes)}"
    if table.companion:
        yield f"- [ ] stacked with {table.companion} under one title"


def _header(drafted: TableDraft) -> Iterator[str]:
    table = drafted.annotated.table
    labelled = drafted.parts[0]
    rows = [f"{row} {role.value}" for row, role in enumerate(table.row_roles) if role is not RowRole.DETAIL]
    unusual = table.n_header_rows == 0 or RowRole.SECTION in table.row_roles
    yield f"- {'[ ] ' if unusual else ''}{table.n_header_rows} header rows; rows {', '.join(rows)}"
    columns = [f"{c.index} {' > '.join(c.path) or '(no header)'} = {c.role.value}" for c in table.columns]
    yield f"- columns: {'; '.join(_cell(column) for column in columns)}"
    header = [cell for cell in labelled.fragment.cells if cell.row < labelled.n_header_rows]
    for cell, (role, probability) in zip(header, labelled.header_roles, strict=False):
        if probability < _SURE:
            place = f"header cell ({cell.row}, {cell.col}) “{_cell(cell.text)}”"
            yield f"  - [ ] {place}: {role.value}, probability {probability:.2f}"


def _breaks(drafted: TableDraft) -> Iterator[str]:
    table, fragments = drafted.annotated.table, drafted.annotated.fragments
    for number, (upper, lower) in enumerate(pairwise(fragments), start=1):
        probability, reasons = drafted.joins[number]
        cut = " (this row is cut)" if upper.last_row == lower.first_row else ""
        again = f"header again: {lower.n_repeated_rows} rows" if lower.repeated_header else "no header again"
        yield (
            f"- [ ] break after page {upper.page}: joined with probability {probability:.2f}; row {upper.last_row} "
            f"“{_row(drafted, upper.last_row)}” | page {lower.page}: {again}, row {lower.first_row} "
            f"“{_row(drafted, lower.first_row)}”{cut}"
        )
        yield f"  - {'; '.join(reasons) or 'no reasons'}"
        merged = [
            f"column {one.col}: {' ⟂ '.join(_cell(cell.text)[-_SHORT:] or '(empty)' for cell in (one, two))}"
            for one, two in merged_at_break(table, upper.last_row, lower.first_row)
        ]
        if merged:
            yield f"  - [ ] merged cells there, one or two? {'; '.join(merged)}"
    if any(cell.continued and cell.row_span > 1 for cell in table.cells):
        labels = [f"({c.row}, {c.col}) “{_cell(c.text)}”" for c in table.cells if c.continued and c.row_span > 1]
        yield f"  - [ ] labels that go over a break: {', '.join(labels)}"


def _row(drafted: TableDraft, row: int) -> str:
    texts = [cell.text for cell in drafted.annotated.table.cells if cell.row == row and cell.text]
    return _cell(" | ".join(texts))[:_LONG]


def _sums(drafted: TableDraft) -> Iterator[str]:
    sums = drafted.arithmetic
    if sums.n_amounts:
        yield f"- {sums.n_holding} sums hold; they cover {len(sums.covered)} of {sums.n_amounts} amounts"
    for finding in sums.broken:
        yield f"- [ ] {finding.rule} ({finding.severity.value}): {_cell(finding.message)}"


def _cells(draft: Draft, drafted: TableDraft) -> Iterator[str]:
    if not drafted.doubts:
        return
    pictures = all(draft.readings.is_picture(part.fragment.page) for part in drafted.parts)
    names = [] if pictures else [other.name for other in draft.readings.others]
    alone = [
        str(part.fragment.page)
        for part, verdict in zip(drafted.parts, drafted.verdicts, strict=True)
        if not verdict.partners and not draft.readings.is_picture(part.fragment.page)
    ]
    if alone:
        yield f"- [ ] nobody else has a grid on page {', '.join(alone)}: read all of it against the page"
    shown = [d for d in drafted.doubts if str(d.page) not in alone][:_SHOWN_CELLS]
    if not shown:
        return
    yield from ("", f"| page | row | col | draft | {' | '.join([*names, 'why'])} |", "|---" * (5 + len(names)) + "|")
    for doubt in shown:
        row = f"h{doubt.row}" if doubt.repeated else str(doubt.row)
        others = [_reading(doubt, name) for name in names]
        summed = not doubt.repeated and (doubt.row, doubt.col) in drafted.arithmetic.covered
        why = doubt.reason + (", but in a sum that holds" if summed else "")
        yield f"| {' | '.join([str(doubt.page), row, str(doubt.col), _cell(doubt.text), *others, why])} |"
    rest = len([d for d in drafted.doubts if str(d.page) not in alone]) - len(shown)
    yield from (f"and {rest} more: read the whole table against the page", "") if rest else ("",)


def _reading(doubt: CellDoubt, name: str) -> str:
    """What another extractor has at a cell; "=" when it agrees."""
    for other in doubt.others:
        if other.name == name:
            if other.text is None:
                return "(no cell)"
            return _cell(other.text) + ("" if other.same_extent else " (other extent)")
    return "="


def _ending(drafted: TableDraft) -> Iterator[str]:
    """The line to put into a script when all is settled."""
    table, sums = drafted.annotated.table, drafted.arithmetic
    if drafted.settled or not drafted.verdicts or drafted.n_doubtful * 2 > len(table.cells):
        return
    if not any(verdict.partners for verdict in drafted.verdicts):
        return
    how = How.EXTRACTORS_AND_ARITHMETIC if sums.n_holding else How.EXTRACTORS
    yield f"- when settled: `amend.set_verification(table, {how.value!r}, by_eye={drafted.n_doubtful})`"


def _cell(text: str) -> str:
    """A text that does not break the Markdown table."""
    return normalize(text).replace("|", "¦")


def draft_to_summary(draft: Draft) -> str:
    """One line for the terminal."""
    tables: Sequence[TableDraft] = draft.tables
    n_cells = sum(len(t.annotated.table.cells) for t in tables)
    n_doubtful = sum(len(t.annotated.table.cells) if draft.document.scanned else t.n_doubtful for t in tables)
    n_settled = sum(t.settled for t in tables)
    return (
        f"{draft.document.id}: {draft.document.n_pages} pages, {len(tables)} tables, {n_settled} settled but for "
        f"page breaks; {n_cells} cells, {n_cells - n_doubtful} agreed, {n_doubtful} to look at"
    )
