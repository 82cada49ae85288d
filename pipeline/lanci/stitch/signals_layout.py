"""What header, columns and kind of two parts say."""

from __future__ import annotations

from lanci.document import Facets, RowRole
from lanci.stitch.columns import same_outer_edges
from lanci.stitch.evidence import Evidence, Pair
from lanci.stitch.view import FragmentView

_SURE = 0.7


def position(pair: Pair) -> Evidence | None:
    """The parts stand last on one page and first on the next; by itself this is more often a new table."""
    upper, lower = pair.upper.labelled.fragment.page, pair.lower.labelled.fragment.page
    return Evidence("position", 1.0, f"last on page {upper}, first on page {lower}")


def headers(pair: Pair) -> Evidence | None:
    """The lower part repeats the table's header, has another one, or none at all."""
    repeated = pair.repeated
    if repeated.leading and repeated.similarity:
        n_matched = len(repeated.leading)
        share = n_matched / (n_matched + repeated.unmatched)
        return Evidence(
            "header repeated",
            share * repeated.similarity,
            f"header repeated (similarity {repeated.similarity:.2f}, {n_matched} rows)",
        )
    if repeated.leading:
        return None
    if repeated.unmatched and pair.lower.header_is_plausible and not _goes_on_above_header(pair):
        if all(role is RowRole.SECTION for part in pair.parts for role in part.roles):
            return None  # the top of a form, whose header may still come
        sureness = _header_sureness(pair.lower)
        return Evidence("different header", sureness, f"a header of its own ({repeated.unmatched} rows)")
    if any(part.header for part in pair.parts):
        return Evidence("no header", 1.0, "no header of its own")
    return None


def _goes_on_above_header(pair: Pair) -> bool:
    """Whether the lower part begins with the rest of a cut label, and what was taken for its header comes later."""
    return pair.cut_label is not None and pair.lower.header[0] > pair.cut_label.lower.row


def _header_sureness(view: FragmentView) -> float:
    probabilities = [probability for _, probability in view.labelled.header_roles]
    return sum(probabilities) / len(probabilities) if probabilities else 1.0


def column_numbers(pair: Pair) -> Evidence | None:
    """The 栏次 row is printed again; many tables count 1, 2, 3, so this says little."""
    ours = {text for part in pair.parts for text in _number_rows(part)}
    theirs = _number_rows(pair.lower)
    if not ours or not theirs:
        return None
    if theirs <= ours:
        return Evidence("column numbers", 1.0, "row of column numbers repeated")
    return Evidence("column numbers", -1.0, "another row of column numbers")


def _number_rows(view: FragmentView) -> set[str]:
    return {view.row_text(row) for row in view.header if view.roles[row] is RowRole.COLUMN_NUMBER}


def header_alone(pair: Pair) -> Evidence | None:
    """The page ended on the table's header: its rows are still to come."""
    if _has_data(pair) or not any(part.header for part in pair.parts):
        return None
    if all(pair.lower.is_blank(row) for row in pair.new_rows) or pair.upper.labelled.fragment.notes:
        return None
    return Evidence("header alone", 1.0, "only the header stands at the end of the page before")


def empty_again(pair: Pair) -> Evidence | None:
    """Two headers with the same nothing under them: two empty tables, for no page needs a header alone twice.

    A header without any row above blank rows is one empty table that the break cuts.
    """
    blank = all(pair.lower.is_blank(row) for row in pair.new_rows)
    cut_below_header = not pair.shown and bool(pair.new_rows)
    if _has_data(pair) or not blank or cut_below_header or not pair.repeated.leading:
        return None
    return Evidence("empty again", 1.0, "neither part has a row with text: two empty tables")


def _has_data(pair: Pair) -> bool:
    return not all(part.is_blank(row) for part in pair.shown for row in part.body)


def columns(pair: Pair) -> Evidence | None:
    """The columns stand at the same places, scaled or as printed; a column may be lost or added."""
    ours, theirs = pair.upper.n_cols, pair.lower.n_cols
    if ours == theirs:
        if pair.fit.aligned:
            return Evidence("columns", 1.0, f"the same {ours} columns at the same places")
        return Evidence("columns", 0.2, f"as many columns ({ours}), of other widths")
    if pair.fit.aligned:
        return Evidence("columns", 0.6, f"{theirs} columns that fit into the {ours} above")
    if _is_form(pair.upper) and _may_be_form(pair.lower) and same_outer_edges(pair.upper, pair.lower):
        return Evidence("columns", 1.0, "rows of a form, each with columns of its own, between the same outer edges")
    return Evidence("columns", -1.6, f"{theirs} columns, {ours} above")


def _is_form(view: FragmentView) -> bool:
    """Whether all rows are keys with their values."""
    return all(role is RowRole.SECTION for role in view.roles)


def _may_be_form(view: FragmentView) -> bool:
    """Whether nothing tells the rows from keys with their values; a few of them alone are also like details."""
    return not view.header and all(role in (RowRole.SECTION, RowRole.DETAIL) for role in view.roles)


def column_types(pair: Pair) -> Evidence | None:
    """Numbers and words stand in the same columns."""
    if pair.upper.n_cols != pair.lower.n_cols:
        return None
    differences = [
        abs(a - b)
        for a, b in zip(pair.upper.numeric_shares, pair.lower.numeric_shares, strict=True)
        if a is not None and b is not None
    ]
    if not differences:
        return None
    agreement = 1.0 - sum(differences) / len(differences)
    return Evidence("column types", 2 * agreement - 1, f"column types agree by {agreement:.2f}")


def facets(pair: Pair) -> Evidence | None:
    """The classifier's view of both parts, where it is sure of both."""
    ours, theirs = pair.parts[0].labelled.facets, pair.lower.labelled.facets
    kinds = _compare(ours, theirs, "kind")
    if kinds is None:
        return None
    if kinds < 0:
        return Evidence("facets", 2.0 * kinds, f"another kind of table: {theirs.kind[0][0]}")
    rest = [value for name in ("fund", "scope", "classification") if (value := _compare(ours, theirs, name))]
    against = sum(value for value in rest if value < 0)
    if against:
        return Evidence("facets", 2.0 * against, f"another kind of money or subjects: {theirs.kind[0][0]}")
    return Evidence("facets", kinds, f"the same kind of table: {theirs.kind[0][0]}")


def _compare(ours: Facets, theirs: Facets, name: str) -> float | None:
    """Plus or minus the joint probability of the best values; None where one part's is unsure."""
    one, two = getattr(ours, name), getattr(theirs, name)
    if not one or not two or min(one[0][1], two[0][1]) < _SURE:
        return None
    joint = float(one[0][1] * two[0][1])
    return joint if one[0][0] == two[0][0] else -joint


def form_starts_again(pair: Pair) -> Evidence | None:
    """The lower part begins with key/value rows (绩效目标 | …), as a new form does, and not with the same values."""
    above, below = _key_rows(pair.lower)
    if not pair.lower.text(0, 0) or pair.cut_label is not None:
        return None  # a row without a key goes on with the one before, and so does one that brings its key
    key_rows = [*above, *below]
    if not key_rows or (not above and _has_key_rows(pair)):
        return None
    ours = {text for part in pair.parts for rows in _key_rows(part) for text in rows}
    if set(key_rows) <= ours:
        return Evidence("form starts again", -0.2, "the key/value rows at the top are repeated")
    strength = 1.0 if above and pair.lower.header else 0.5
    return Evidence("form starts again", strength, f"a new form begins: {key_rows[0][:40]}")


def _has_key_rows(pair: Pair) -> bool:
    return any(part.roles[row] is RowRole.SECTION for part in pair.shown for row in part.body)


def _key_rows(view: FragmentView) -> tuple[list[str], list[str]]:
    """The key/value rows above or among the header rows, and those directly under them."""
    above: list[str] = []
    below: list[str] = []
    for row in range(view.n_rows):
        in_header = row < view.labelled.n_header_rows
        if view.roles[row] is RowRole.SECTION:
            (above if in_header else below).append(view.row_text(row))
        elif not in_header:
            break
    return above, below
