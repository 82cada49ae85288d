"""The report: what it shows, what it must never let through, and its pictures."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Box
from lanci_eval.metrics.base import FigureInfo, Metric, share
from lanci_eval.metrics.confidence import Confidence
from lanci_eval.records import Status
from lanci_eval.report import KEY_FIGURES, KeyFigure, report_to_html, results_to_markdown, write_report
from lanci_eval.report.gallery import MAX_HEIGHT, MAX_WIDTH, Gallery, crop_page
from lanci_eval.report.markdown import to_inline
from lanci_eval.report.numbers import difference_to_text, number_to_text, share_to_percent
from lanci_eval.report.write import ReportOptions
from lanci_eval.results import DatasetInfo, ItemInfo, ItemResult, Mistake, Results, RunInfo, SystemInfo
from lanci_eval.results.summarize import summarize

ATTACK = '<script>alert("1")</script><img src="http://evil.example/x.png" onerror=alert(1)>|`x`'
VOID = {"meta", "img", "br"}


class Amounts(Metric):
    """A share that has a heading in the summary, and a number that is no share."""

    name = "amounts"
    infos = (
        FigureInfo("amount_exact", "Share of the true amounts that are right."),
        FigureInfo("lost", "Amounts that are lost.", higher_is_better=False, percent=False),
    )

    def tally(self, case):
        raise NotImplementedError

    def figures(self, sums):
        return {
            "amount_exact": share(sums.get("right", 0.0), sums.get("n", 0.0)),
            "lost": sums.get("n", 0.0) - sums.get("right", 0.0) if "n" in sums else None,
        }


METRICS = (Amounts, Confidence)


def make_results(*, text="1,251.60", label="lanci", n_items=8):
    """Two systems that ran and one that could not, on documents with a tag."""
    items = tuple(
        ItemInfo(f"临西县-{k}", f"g{k}", f"{k:064}", 2, (("dpi", ("150", "300")[k % 2]),), (text,))
        for k in range(n_items)
    )
    mistake = Mistake("t1", f"t1 row 1, column 2 {text}", text, text, False, True, 1, (100, 100, 160, 114), 5.0)
    gone = Mistake("t1", "t1 row 9, column 2", "3.6", None, True, True, 99, (100, 100, 160, 114), 9.0)
    bins = {"bin:14:count": 10.0, "bin:14:sum": 9.8, "bin:14:right": 8.0, "cells": 10.0}
    outcomes = []
    for k, item in enumerate(items):
        tallies = (("amounts", {"right": 90.0 + k, "n": 100.0}), ("confidence", bins))
        outcomes.append(ItemResult("set", item.id, label, Status.OK, "", (), tallies, (gone, mistake), 2.0, 300.0))
        failed = Status.CRASHED if k < 2 else Status.OK
        worse = (("amounts", {"right": 0.0 if k < 2 else 70.0, "n": 100.0}),)
        outcomes.append(ItemResult("set", item.id, "peer", failed, text if k < 2 else "", (text,), worse, (), 4.0))
    systems = (
        SystemInfo(label, "lanci", (("a", text),), (("lanci", text),)),
        SystemInfo("peer", "peer", (), ()),
        SystemInfo("docling", "docling", (), (), f"its models are missing {text}"),
    )
    dataset = DatasetInfo("set", "kind", (), items, (("rejected", text),))
    return Results(RunInfo((("lanci", text),), (("cpu", text),), ()), (dataset,), systems, tuple(outcomes))


def render(results, **options):
    return report_to_html(results, summarize(results, METRICS), METRICS, **options)


class Reader(HTMLParser):
    """Collects elements, attributes and texts, and checks that elements are closed in order."""

    def __init__(self):
        super().__init__()
        self.elements, self.attributes, self.texts, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture
def pdf(tmp_path):
    """A page with an amount at the mistake's box, on a white ground."""
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.insert_text((104, 111), "1,231.60", fontsize=10)
        document.save(tmp_path / "page.pdf")
    return tmp_path / "page.pdf"


def test_foreign_texts_come_out_as_text():
    page = render(make_results(text=ATTACK, label=f"lanci {ATTACK}"))
    reader = read(page)
    assert not {"script", "img", "link", "iframe", "object", "base", "form"} & set(reader.elements)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    texts = "".join(reader.texts)
    # as a cell, a place, a remark, a message, a reason, a version, an option, a label ...
    assert texts.count('<script>alert("1")</script>') > 20


def test_nothing_is_fetched_from_anywhere(pdf):
    page = render(make_results(text=ATTACK), page_source=lambda dataset, item: pdf)
    for name, value in read(page).attributes:
        if name in ("href", "src", "srcset", "data", "action", "poster", "xlink:href"):
            assert value.startswith(("#", "data:image/png;base64,")), (name, value)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in page


def test_links_lead_somewhere():
    attributes = read(render(make_results())).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in attributes if name == "href"} <= set(ids)


def test_the_page_tells_figures_failures_and_where_they_come_from():
    texts = " ".join(" ".join(read(render(make_results())).texts).split())
    for told in (
        "93.5 92.0 to 95.0",  # (90 + ... + 97) / 800, and its interval
        "52.5",
        "peer failed on 2 of 8 documents (2 crashed)",
        "docling not available here: its models are missing",
        "rejected could not be used: 1,251.60",
        "6 of 8 read",
        "150 4 documents 300 4 documents",
        "Amounts that are lost.",
        "80 cells, calibration error 18.0 %",
        "临西县-3 2 pages · dpi 300",
        "expected 3.6 read missing marked",
        f"{7:064}",
    ):
        assert told in texts, told


def test_the_same_results_give_the_same_bytes(tmp_path, pdf):
    def source(dataset, item):
        return pdf

    first = write_report(make_results(), tmp_path / "a", METRICS, source)
    second = write_report(make_results(), tmp_path / "b", METRICS, source)
    assert [path.name for path in first] == ["results.json", "report.html", "results.md"]
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_worst_cells_are_shown_framed_on_their_page(pdf):
    page = render(make_results(), page_source=lambda dataset, item: pdf)
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert len(pictures) == 4  # of the twelve worst, eight lie on a page that does not exist
    image = cv2.imdecode(np.frombuffer(base64.b64decode(pictures[0]), np.uint8), cv2.IMREAD_COLOR)
    assert image.shape[0] <= MAX_HEIGHT
    assert image.shape[1] <= MAX_WIDTH
    red = (image[:, :, 2] > 180) & (image[:, :, 0] < 80)
    ys, xs = np.nonzero(red)
    inside = image[ys.min() + 4 : ys.max() - 3, xs.min() + 4 : xs.max() - 3]
    assert inside.min() < 80  # the amount stands in the frame
    assert inside.shape[1] / inside.shape[0] == pytest.approx(60 / 14, rel=0.15)


def test_without_a_gallery_no_file_is_opened_and_no_picture_shown(tmp_path):
    def forbidden(dataset, item):
        raise AssertionError("asked for a file")

    options = ReportOptions(gallery=False)
    _, report, _ = write_report(make_results(), tmp_path, METRICS, forbidden, options)
    page = report.read_text(encoding="utf-8")
    assert "data:image" not in page
    assert "Worst cells" in page


def test_a_file_that_cannot_be_read_leaves_its_picture_out(tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"no document at all")
    for path in (None, tmp_path / "missing.pdf", tmp_path / "broken.pdf"):
        page = render(make_results(), page_source=lambda dataset, item, path=path: path)
        assert "data:image" not in page
        assert "no picture" in page


def test_pictures_end_at_the_limit(pdf):
    mistake = Mistake("t", "t row 1, column 1", "", "", False, True, 1, (10, 10, 60, 24), 1.0)
    with Gallery(lambda dataset, item: pdf, max_pictures=2) as gallery:
        made = [gallery.picture("set", f"d{k // 2}", mistake) for k in range(4)]
        assert [picture is not None for picture in made] == [True, True, False, False]


def test_a_crop_stays_on_the_page_and_within_its_size():
    page = np.full((1100, 800, 3), 255, np.uint8)
    corner = crop_page(page, 1.0, Box(-50, -50, 20, 20))
    assert corner.shape == (54, 110, 3)
    whole = crop_page(page, 1.0, Box(0, 0, 800, 1100))
    assert whole.shape[0] <= MAX_HEIGHT
    for outside in (Box(900, 10, 950, 20), Box(10, 10, 10, 30), Box(40, 40, 10, 10)):
        assert crop_page(page, 1.0, outside) is None
    assert (page == 255).all()


def test_markdown_has_the_same_figures_and_cannot_be_broken():
    results = make_results(text=ATTACK)
    text = results_to_markdown(results, summarize(results, METRICS))
    assert "| lanci | **93.5** (92.0 to 95.0) |" in text
    assert "8 documents · 16 pages · 1 rejected" in text
    assert "docling: not available here; its models are missing \\<script\\>" in text
    assert not re.search(r"(?<!\\)[<`]", text)
    assert to_inline("a|b\n# c") == "a\\|b \\# c"


def test_an_empty_run_makes_a_report():
    empty = Results(RunInfo((), (), ()), (DatasetInfo("none", "kind", (), ()),), (), ())
    assert "None of the key figures is defined" in render(empty)
    assert "## none" in results_to_markdown(empty, summarize(empty, METRICS))
    nothing = replace(empty, datasets=())
    assert "0 datasets" in render(nothing)


def test_key_figures_are_figures_of_the_metrics():
    from lanci_eval.metrics import METRICS as REAL

    known = {(metric.name, info.name) for metric in REAL for info in metric.infos}
    assert {(key.metric, key.figure) for key in KEY_FIGURES} <= known
    chosen = render(make_results(), keys=[KeyFigure("amounts", "lost", "amounts lost")])
    assert "not in percent" in chosen


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "100.0"),
        (0.0, "0.0"),
        (0.9996, "99.96"),
        (0.99999, ">99.99"),
        (0.0004, "0.04"),
        (0.00001, "<0.01"),
        (0.98765, "98.8"),
        (-0.25, "−25.0"),
        (1.5, "150.0"),
    ],
)
def test_nothing_is_rounded_to_perfection(value, text):
    assert share_to_percent(value) == text


def test_other_numbers():
    values = [0, 3, 1234567.8, 12.34, 1.234, 0.01234, -2.5]
    assert [number_to_text(v) for v in values] == ["0", "3", "1,234,568", "12.3", "1.23", "0.0123", "−2.50"]
    info = FigureInfo("x", "")
    assert [difference_to_text(v, info) for v in (0.0123, -0.0004, 0.0, None)] == ["+1.2", "−0.04", "0", "–"]
