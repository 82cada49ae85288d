"""Learning links: documents cut anew, look-alikes, weights that never turn round, and an artefact that comes back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.seeds import SEED_FILES

from lanci.annotation import load_annotation
from lanci.errors import AnnotationError, ModelError
from lanci.stitch.decide import gather_breaks
from lanci.stitch.evidence import DECISIVE, Evidence, Sign
from lanci.stitch.model import FEATURE_SET, MODEL_NAME, LinkModel, link_model_version, load_link_model, model_to_content
from lanci.training.artefact import content_to_bytes, write_artefact
from lanci.training.stitch_card import links_to_card
from lanci.training.stitch_figures import measure_links, measure_reliability, solve_stream
from lanci.training.stitch_fit import fit_links, fit_without
from lanci.training.stitch_labels import label_by_truth, label_garbled, misread
from lanci.training.stitch_neighbours import add_neighbours
from lanci.training.stitch_recut import recut_document
from lanci.training.stitch_samples import BreakSample, LabelledStream, stream_to_samples
from lanci.training.stitch_streams import Origin, Stream, document_to_stream

DOCUMENTS = [load_annotation(path) for path in SEED_FILES]


def draw(number: int, origin: Origin = Origin.RECUT) -> Stream:
    document = DOCUMENTS[number % len(DOCUMENTS)]
    rng = random.Random(number)
    if origin is Origin.NEIGHBOURS:
        document = add_neighbours(document, 6, rng)
    return recut_document(document, document.county, origin, rng)


STREAMS = [draw(number, origin) for number in range(5) for origin in (Origin.RECUT, Origin.NEIGHBOURS)]
LABELLED = [LabelledStream(stream, tuple(label_by_truth(stream))) for stream in STREAMS]
SAMPLES = [sample for one in LABELLED for sample in stream_to_samples(one)]


@pytest.mark.parametrize("stream", STREAMS, ids=lambda one: f"{one.document} {one.origin}")
def test_streams_are_in_page_order_and_keep_tables_together(stream: Stream) -> None:
    order = [(one.fragment.page, one.fragment.index) for one in stream.examples]
    assert order == sorted(set(order))
    begun = [table for table, before in zip(stream.tables, ("", *stream.tables[:-1]), strict=True) if table != before]
    assert len(begun) == len(set(begun))
    assert all(
        one.continues == (one.table == before.table)
        for before, one in zip(stream.examples, stream.examples[1:], strict=False)
    )
    assert not stream.blank & {page for page, _ in order}


def test_the_same_draw_gives_the_same_stream() -> None:
    assert draw(3) == draw(3) != draw(8)


def test_a_document_cut_anew_keeps_its_texts() -> None:
    document = DOCUMENTS[0]
    stream = recut_document(document, "", Origin.RECUT, random.Random(1))
    for table in document.tables:
        printed = "".join(
            cell.text
            for one in stream.examples
            if one.table == table.table.id
            for cell in one.fragment.cells
            if cell.row >= one.truth.n_header_rows
        )
        body = "".join(cell.text for cell in table.table.cells if cell.row >= table.table.n_header_rows)
        assert sorted(printed) == sorted(body)


def test_look_alikes_are_tables_of_their_own() -> None:
    document = add_neighbours(DOCUMENTS[1], 8, random.Random(0))
    ids = [one.table.id for one in document.tables]
    assert len(ids) == len(set(ids)) > 8


def test_prose_between_tables_is_counted() -> None:
    gaps = [one.fragment.gap_above for d in DOCUMENTS for one in document_to_stream(d, "", Origin.PRINTED).examples]
    assert any(gaps)


def test_garbling_leaves_numbers_and_the_shape() -> None:
    stream = STREAMS[0]
    rng = random.Random(5)
    garbled = label_garbled(stream, rng)
    assert [len(one.row_roles) for one in garbled] == [one.fragment.n_rows for one in garbled]
    assert garbled != label_by_truth(stream)
    for before, after in zip(stream.examples, misread(stream, "字", rng).examples, strict=True):
        numbers = [c.text for c in before.fragment.cells if c.text.replace(".", "").isdigit()]
        assert numbers == [c.text for c in after.fragment.cells if c.text.replace(".", "").isdigit()]


def test_samples_are_breaks_that_no_sign_settles() -> None:
    assert {sample.joined for sample in SAMPLES} == {True, False}
    assert not any(piece.sign in DECISIVE for sample in SAMPLES for piece in sample.evidence)
    some = LABELLED[0]
    every = gather_breaks(some.labelled, some.stream.tables, some.stream.blank)
    assert len(stream_to_samples(some)) < len(every)


def test_what_is_learned_never_counts_against_its_meaning_and_does_not_hang_on_order() -> None:
    fitted = fit_links(SAMPLES, "1.2.3")
    model = fitted.model
    assert min(*model.gains.values(), *model.losses.values()) == 0
    assert model.gains[Sign.SERIAL] > 0 < model.losses[Sign.LABELS]
    right = [(score > 0) == sample.joined for score, sample in zip(fitted.held_out, SAMPLES, strict=True)]
    assert sum(right) / len(right) > 0.9
    again = fit_links(SAMPLES[::-1], "1.2.3").model
    assert again.bias == pytest.approx(model.bias, abs=0.05)
    assert fit_links(SAMPLES, "1.2.3").model == model


def test_a_place_left_out_is_not_seen() -> None:
    fitted = fit_links(SAMPLES, "1")
    place = SAMPLES[0].place
    flipped = [
        BreakSample(s.document, s.place, s.origin, s.evidence, not s.joined) if s.place == place else s for s in SAMPLES
    ]
    assert fit_without(flipped, place, fitted) == fit_without(SAMPLES, place, fitted)


def test_too_little_to_learn_from() -> None:
    with pytest.raises(AnnotationError, match="two places"):
        fit_links([sample for sample in SAMPLES if sample.place == SAMPLES[0].place], "1")


def test_figures_of_right_and_wrong_joins() -> None:
    never = LinkModel(MODEL_NAME, "1", -4.0, dict.fromkeys(Sign, 0.0), dict.fromkeys(Sign, 0.0))
    (figures,) = measure_links([solve_stream(one, never) for one in LABELLED if one.stream.origin is Origin.RECUT])
    assert (figures.precision, figures.recall, figures.f1) == (1.0, 0.0, 0.0)
    assert figures.wrong == figures.silent > 0
    assert figures.doubtful == 0
    assert figures.whole < figures.tables
    shipped = [solve_stream(one, load_link_model()) for one in LABELLED]
    assert all(one.f1 > 0.9 for one in measure_links(shipped))
    bins = measure_reliability([verdict for one in shipped for verdict in one.verdicts])
    assert all(one.low <= one.mean <= one.high and one.joined <= one.breaks for one in bins)


def test_the_card_tells_of_every_sign() -> None:
    fitted = fit_links(SAMPLES, "1")
    solved = [solve_stream(one, fitted.model) for one in LABELLED]
    verdicts = [verdict for one in solved for verdict in one.verdicts]
    card = links_to_card(SAMPLES, fitted, measure_links(solved), verdicts, {"numpy": "2"})
    assert all(f"| {sign} |" in card for sign in Sign)


def write(model: LinkModel, folder: Path, **more: object) -> Path:
    meta = {"name": MODEL_NAME, "version": model.version, "minimum_lanci": "0", "feature_set": FEATURE_SET}
    write_artefact(folder, content_to_bytes({**model_to_content(model), **more}), meta, "card")
    return folder


def test_an_artefact_comes_back(tmp_path: Path) -> None:
    shipped = load_link_model()
    assert load_link_model(write(shipped, tmp_path / "1")) == shipped
    assert link_model_version() == f"{MODEL_NAME} {shipped.version}"
    assert content_to_bytes(model_to_content(shipped)) == content_to_bytes(model_to_content(shipped))


@pytest.mark.parametrize(
    ("part", "message"), [({"signs": ["smell"]}, "other signs"), ({"bias": "much"}, "no model of links")]
)
def test_a_foreign_artefact_is_refused(tmp_path: Path, part: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load_link_model(write(load_link_model(), tmp_path / "1", **part))


def test_weights_below_zero_are_refused(tmp_path: Path) -> None:
    shipped = load_link_model()
    turned = LinkModel(shipped.name, "9", 0.0, {**shipped.gains, Sign.SERIAL: -1.0}, shipped.losses)
    with pytest.raises(ModelError, match="at least 0"):
        load_link_model(write(turned, tmp_path / "1"))


def test_what_signs_contribute() -> None:
    model = load_link_model()
    serial = Evidence(Sign.SERIAL, 1.0, "")
    assert model.contribution(serial) > 0 > model.contribution(Evidence(Sign.SERIAL, -1.0, ""))
    assert model.log_odds([serial]) == pytest.approx(model.bias + model.contribution(serial))
