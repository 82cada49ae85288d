"""Asking for a dataset, choosing among its documents, naming them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lanci_eval.datasets import DATASETS, DatasetError, choose, load_dataset, parse_dataset
from lanci_eval.datasets.base import DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.names import inside, names_to_ids
from lanci_eval.datasets.sample import Candidate, take

KINDS = ("annotations", "generated", "icdar2013", "omnidocbench", "pdfs", "pubtabnet")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_describes_itself(kind: str) -> None:
    dataset = DATASETS[kind]
    assert dataset.kind == kind
    assert "PATH" in dataset.summary
    assert all(dataset.options.values())


def test_a_request_is_read_with_commas_and_chinese_in_its_path(tmp_path: Path) -> None:
    folder = tmp_path / "预算,2024年"
    folder.mkdir()
    text = "generated:" + str(folder).replace(",", "\\,") + ",form=scan, dpi=150"
    request = parse_dataset(text, 5, 7)
    assert request == DatasetRequest("generated", folder, (("form", "scan"), ("dpi", "150")), 5, 7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pdfs", "KIND:PATH"),
        ("pdfs:", "KIND:PATH"),
        ("nothing:.", "there are: annotations, generated"),
        ("pdfs:./no/such/place", "does not exist"),
        ("pdfs:.,dpi=3", "no option dpi"),
        ("generated:.,form", "no option=value"),
        ("generated:.,form=scan,form=both", "twice"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        parse_dataset(text, None, 0)


def test_a_limit_must_leave_a_document() -> None:
    with pytest.raises(DatasetError, match="limit of 0"):
        parse_dataset("pdfs:.", 0, 0)


def test_a_sample_stays_when_documents_are_added() -> None:
    ids = [f"d{number}" for number in range(200)]
    few, seed = choose(ids[:100], 20, 3), 3
    more = choose(ids, 20, seed)
    assert len(few) == len(more) == 20
    assert set(few) & set(ids[:100]) == set(few)
    assert set(more) & set(ids[:100]) <= set(few), "an old document may only make room for a new one"
    assert choose(reversed(ids), 20, seed) == more
    assert choose(ids, 20, 4) != more
    assert choose(ids, None, 0) == tuple(sorted(ids))


def test_unusable_documents_are_replaced_and_the_rest_is_never_opened() -> None:
    opened = []

    def candidate(name: str) -> Candidate:
        def load() -> Item | Rejected:
            opened.append(name)
            return Rejected(name, "bad") if name in bad else Item(name, name, FixedFile(Path(name)))

        return Candidate(name, load)

    ids = [f"d{number}" for number in range(30)]
    bad = set(choose(ids, 4, 0))
    request = DatasetRequest("pdfs", Path(), limit=3)
    contents = take([candidate(name) for name in ids], request)
    assert [item.id for item in contents.items] == sorted(set(choose(ids, 7, 0)) - bad)
    assert [one.id for one in contents.rejected] == sorted(bad)
    assert len(opened) == 7


def test_ids_are_readable_unique_and_short() -> None:
    names = ["石家庄/预算 2024", "a/b", "a__b", "A__B", "x" * 300, "../..", "长" * 200]
    ids = names_to_ids(names)
    assert ids["石家庄/预算 2024"] == "石家庄__预算_2024"
    assert len({name.casefold() for name in ids.values()}) == len(names)
    assert ids["a/b"].startswith("a__b-")
    assert all("/" not in name and not name.startswith(".") and len(name.encode()) <= 120 for name in ids.values())
    assert names_to_ids(reversed(names)) == ids


@pytest.mark.parametrize("name", ["../a.png", "/etc/passwd", "a/../../b.png", "..\\a.png", "C:\\a.png", "", "a\0b"])
def test_names_do_not_lead_out_of_their_folder(name: str) -> None:
    assert inside(Path("folder"), name) is None


def test_a_harmless_name_stays() -> None:
    assert inside(Path("folder"), "a/中文.png") == Path("folder/a/中文.png")


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    for kind in ("generated", "icdar2013", "pdfs"):
        with pytest.raises(DatasetError, match="here"):
            load_dataset(parse_dataset(f"{kind}:{tmp_path}", None, 0))
    for kind in ("pubtabnet", "omnidocbench"):
        with pytest.raises(DatasetError, match="file"):
            load_dataset(parse_dataset(f"{kind}:{tmp_path}", None, 0))
