"""What header, columns and kind of two parts say."""

from __future__ import annotations

from lanci.document import Facets, RowRole
from lanci.stitch.columns import same_outer_edges
from lanci.stitch.evidence import Evidence, Pair, Sign
from lanci.stitch.view import FragmentView

_SURE = 0.7
_FAR = 0.03
"""Column edges that are off by this share of the width on average are those of other columns."""
_MANY_BREAKS = 3
"""From so many breaks on a table's manner is known."""


def headers(pair: Pair) -> Evidence | None:
    """The lower part repeats the table's header, has another one, or none at all."""
    repeated = pair.repeated
    if repeated.leading and repeated.similarity:
        n_matched = len(repeated.leading)
        share = n_matched / (n_matched + repeated.unmatched)
        return Evidence(
            Sign.HEADER,
            share * repeated.similarity,
            f"header repeated (similarity {repeated.similarity:.2f}, {n_matched} rows)",
        )
    if repeated.leading:
        return None
    if repeated.unmatched and pair.lower.header_is_plausible and not _goes_on_above_header(pair):
        return _own_header(pair)
    if any(part.header for part in pair.parts):
        return Evidence(Sign.NO_HEADER, 1.0, "no header of its own")
    return None


def _own_header(pair: Pair) -> Evidence | None:
    """The lower part's header that is not the table's; silent after the top of a form, whose header may still come."""
    count, sureness = pair.repeated.unmatched, _header_sureness(pair.lower)
    if any(part.header for part in pair.parts):
        return Evidence(Sign.OTHER_HEADER, -sureness, f"a header of its own ({count} rows)")
    if all(role is RowRole.SECTION for part in pair.parts for role in part.roles):
        return None
    return Evidence(Sign.NEW_HEADER, -sureness, f"a header ({count} rows) where the table has none")


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
        return Evidence(Sign.COLUMN_NUMBERS, 1.0, "row of column numbers repeated")
    return Evidence(Sign.COLUMN_NUMBERS, -1.0, "another row of column numbers")


def _number_rows(view: FragmentView) -> set[str]:
    return {view.row_text(row) for row in view.header if view.roles[row] is RowRole.COLUMN_NUMBER}


def header_alone(pair: Pair) -> Evidence | None:
    """The page ended on the table's header: its rows are still to come."""
    if _has_data(pair) or not any(part.header for part in pair.parts):
        return None
    if all(pair.lower.is_blank(row) for row in pair.new_rows) or pair.upper.labelled.fragment.notes:
        return None
    return Evidence(Sign.HEADER_ALONE, 1.0, "only the header stands at the end of the page before")


def empty_again(pair: Pair) -> Evidence | None:
    """Two headers with the same nothing under them: two empty tables, for no page needs a header alone twice.

    A header without any row above blank rows is one empty table that the break cuts.
    """
    blank = all(pair.lower.is_blank(row) for row in pair.new_rows)
    cut_below_header = not pair.shown and bool(pair.new_rows)
    if _has_data(pair) or not blank or cut_below_header or not pair.repeated.leading:
        return None
    return Evidence(Sign.EMPTY_AGAIN, -1.0, "neither part has a row with text: two empty tables")


def _has_data(pair: Pair) -> bool:
    return not all(part.is_blank(row) for part in pair.shown for row in part.body)


def manner_of_breaks(pair: Pair) -> Evidence | None:
    """The header is printed again as it was, or was not, below all breaks that the table has run over so far."""
    if not pair.copied or len(set(pair.copied)) > 1:
        return None
    before, now = pair.copied[0], bool(pair.repeated.leading)
    if not before and not now and pair.lower.header:
        return None  # a header of its own is no going on without one
    how = "with the header repeated" if before else "without its header"
    strength = min(len(pair.copied), _MANY_BREAKS) / _MANY_BREAKS
    if before == now:
        return Evidence(Sign.MANNER, strength, f"the table has gone on {how} before")
    return Evidence(Sign.MANNER, -strength, f"the table has always gone on {how}, and does not here")


def columns(pair: Pair) -> Evidence | None:
    """The columns stand at the same places, scaled or as printed; a column may be lost or added."""
    ours, theirs = pair.upper.n_cols, pair.lower.n_cols
    if ours == theirs:
        if pair.fit.aligned:
            return Evidence(Sign.COLUMNS, 1.0, f"the same {ours} columns at the same places")
        strength = -min(pair.fit.distance / _FAR, 1.0)
        return Evidence(Sign.WIDTHS, strength, f"as many columns ({ours}), of other widths")
    if pair.fit.aligned:
        if _only_blanks_are_lost(pair):
            return Evidence(Sign.COLUMNS_FIT, 1.0, f"{theirs} columns, the {ours} above but for a blank one")
        return Evidence(Sign.COLUMNS_FIT, 0.5, f"{theirs} columns that fit into the {ours} above")
    if _is_form(pair.upper) and _may_be_form(pair.lower) and same_outer_edges(pair.upper, pair.lower):
        return Evidence(
            Sign.COLUMNS_FIT, 1.0, "rows of a form, each with columns of its own, between the same outer edges"
        )
    return Evidence(Sign.COLUMNS, -1.0, f"{theirs} columns, {ours} above")


def _only_blanks_are_lost(pair: Pair) -> bool:
    """Whether both parts print texts in the same columns, and the wider one has blank columns besides."""
    wide, narrow = (pair.upper, pair.lower) if pair.upper.n_cols > pair.lower.n_cols else (pair.lower, pair.upper)
    printed = sum(any(line[col] for line in wide.lines) for col in range(wide.n_cols))
    return printed == narrow.n_cols


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
    return Evidence(Sign.COLUMN_TYPES, 2 * agreement - 1, f"column types agree by {agreement:.2f}")


def facets(pair: Pair) -> Evidence | None:
    """The classifier's view of both parts, where it is sure of both."""
    ours, theirs = pair.parts[0].labelled.facets, pair.lower.labelled.facets
    kinds = _compare(ours, theirs, "kind")
    if kinds is None:
        return None
    if kinds < 0:
        return Evidence(Sign.FACETS, kinds, f"another kind of table: {theirs.kind[0][0]}")
    rest = [value for name in ("fund", "scope", "classification") if (value := _compare(ours, theirs, name))]
    against = sum(value for value in rest if value < 0)
    if against:
        return Evidence(Sign.FACETS, max(against, -1.0), f"another kind of money or subjects: {theirs.kind[0][0]}")
    return Evidence(Sign.FACETS, kinds, f"the same kind of table: {theirs.kind[0][0]}")


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
        return Evidence(Sign.FORM, 1.0, "the key/value rows at the top are repeated")
    sign = Sign.FORM if above else Sign.KEY_ROWS
    return Evidence(sign, -1.0, f"a new form begins: {key_rows[0][:40]}")


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
