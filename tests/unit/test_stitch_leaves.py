"""The sum of a code tree's leaves does not depend on where the pages break."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lanci.stitch.leaves import join_leaves, row_to_leaves

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["201", "20101", "2010101", "2010102", "20199", "208", "20801"]),
        st.integers(-1000, 100000).map(lambda cents: Decimal(cents) / 100),
    ),
    min_size=1,
    max_size=12,
)


@given(rows=ROWS, cut=st.integers(0, 12))
def test_stretches_join_like_rows(rows: list[tuple[str, Decimal]], cut: int) -> None:
    stretches = [join_leaves(row_to_leaves(*row) for row in part) for part in (rows[:cut], rows[cut:])]
    joined = join_leaves(stretches)
    following = [code for code, _ in rows[1:]] + [""]
    leaves = [amount for (code, amount), after in zip(rows, following, strict=True) if not after.startswith(code)]
    assert joined is not None
    assert (joined.closed_total, joined.closed_count) == (sum(leaves, Decimal(0)), len(leaves))
    assert joined.deepest == max(len(code) for code, _ in rows)
    assert joined.last == rows[-1][0]


def test_nothing_coded() -> None:
    assert join_leaves([None, None]) is None
