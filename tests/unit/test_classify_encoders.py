"""The encoders give what scikit-learn's vectorizers give, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanci.classify.encoders import encoder_to_state, new_encoder, state_to_encoder

TEXTS = (
    "|科目名称|预算数|",
    "|一般公共服务支出|0|",
    "",
    "|合计|合计|0|",
    "^收支总表$",
    "at0 own:filled1",
    "𠮷野 家",
    "a  b",
)
LONGEST = (0, 1, 2, 3, 4)


@pytest.mark.parametrize("longest", LONGEST)
@settings(max_examples=50, deadline=None)
@given(
    texts=st.lists(
        st.one_of(st.sampled_from(TEXTS), st.text(alphabet="|科目合计0 \n\t𠮷ab\ud800", max_size=12)), min_size=1
    )
)
def test_encoder_equals_vectorizer(longest: int, texts: list[str]) -> None:
    vectorizer = new_encoder(longest).fit(TEXTS)
    encoder = state_to_encoder(encoder_to_state(vectorizer, longest, 1.0))
    entries = encoder.encode(texts)
    expected = vectorizer.transform(texts).tocsr()
    found = np.zeros(expected.shape)
    found[entries.rows, entries.columns] = entries.values
    assert np.array_equal(found, expected.toarray())
    places = list(zip(entries.rows.tolist(), entries.columns.tolist(), strict=True))
    assert places == sorted(set(places))


@pytest.mark.parametrize("longest", LONGEST)
def test_texts_without_known_features_have_no_entries(longest: int) -> None:
    encoder = state_to_encoder(encoder_to_state(new_encoder(longest).fit(TEXTS), longest, 1.0))
    for texts in ([], ["", ""], ["zzz"]):
        assert encoder.encode(texts).values.size == 0
