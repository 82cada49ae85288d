"""Pages of many kinds of documents with their tables as HTML: OmniDocBench, version 1.5.

Ouyang et al., "OmniDocBench: Benchmarking Diverse PDF Document Parsing with Comprehensive Annotations" (CVPR
2025); format: README of github.com/opendatalab/OmniDocBench, version 1.5 of September 2025: a JSON list of pages,
each with ``page_info`` (``image_path``, ``width``, ``height`` in pixels, ``page_attribute``) and ``layout_dets``,
whose entries with ``category_type`` ``table`` have ``poly`` (four corners, x and y in turn), ``html``, ``latex``
and ``ignore``. Only the HTML is read.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from lanci.document import Box, Transform
from lanci.errors import LanciError
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.html_table import parse_html_table
from lanci_eval.datasets.names import names_to_ids
from lanci_eval.datasets.pictures import find_picture, pixels_to_points
from lanci_eval.datasets.request import DatasetError, check_options, folder_option
from lanci_eval.datasets.sample import Candidate, take
from lanci_eval.datasets.truth import TruthError, complete_cells
from lanci_eval.records import EvalFragment, EvalTable, Extraction

_TAGS = ("data_source", "language", "layout", "fuzzy_scan")
_PAGES = ("tables", "all")


class OmniDocBench:
    """A JSON file and a folder of pictures; each page is a document."""

    kind = "omnidocbench"
    summary = "OmniDocBench 1.5 (PATH: OmniDocBench.json), pictures of pages with their tables as HTML"
    options: ClassVar[dict[str, str]] = {
        "images": "folder of the pictures (default: images beside PATH)",
        "pages": "tables: pages with a table only; all: every page (default: tables)",
    }

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`; cells have no boxes, tables do."""
        check_options(request, self.options)
        wanted = request.option("pages", "tables")
        if wanted not in _PAGES:
            raise DatasetError(f"dataset omnidocbench: pages={wanted} is not one of {', '.join(_PAGES)}")
        pages = _read_pages(request.path)
        images = folder_option(request, "images", request.path.parent / "images")
        named = [(_image_name(page), page) for page in pages]
        rejected = [
            Rejected(f"page-{number}", f"{request.path.name}, entry {number}: page_info.image_path is missing")
            for number, (name, _) in enumerate(named, start=1)
            if not name
        ]
        counts = Counter(name for name, _ in named)
        ids = names_to_ids(counts)
        rejected += [
            Rejected(ids[name], f"{name} is described by {count} entries; keep one of them")
            for name, count in counts.items()
            if name and count > 1
        ]
        candidates = [
            Candidate(ids[name], partial(_read_item, ids[name], page, images))
            for name, page in named
            if name and counts[name] == 1 and (wanted == "all" or _tables(page))
        ]
        if not candidates and not rejected:
            raise DatasetError(f"{request.path}: no page with a table; check the file")
        return take(candidates, request, rejected)


def _read_pages(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise DatasetError(f"{path}: OmniDocBench is read from its JSON file; name that")
    try:
        pages = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path}: no JSON ({error}); the file may be cut off, fetch it again") from error
    if not isinstance(pages, list) or not all(isinstance(page, dict) for page in pages):
        raise DatasetError(f"{path}: a JSON list of pages is needed")
    return pages


def _info(page: dict[str, Any]) -> dict[str, Any]:
    info = page.get("page_info")
    return info if isinstance(info, dict) else {}


def _image_name(page: dict[str, Any]) -> str:
    name = _info(page).get("image_path")
    return name if isinstance(name, str) else ""


def _tables(page: dict[str, Any]) -> list[dict[str, Any]]:
    found = page.get("layout_dets")
    return [
        entry
        for entry in (found if isinstance(found, list) else [])
        if isinstance(entry, dict) and entry.get("category_type") == "table"
    ]


def _read_item(name: str, page: dict[str, Any], images: Path) -> Item | Rejected:
    remarks: list[str] = []
    tables: list[EvalTable] = []
    info = _info(page)
    try:
        image_name = _image_name(page)
        base = PurePosixPath(image_name).name
        picture = find_picture(images, (image_name, base) if base != image_name else (image_name,))
        to_points = pixels_to_points(picture, _size(info, "width"), _size(info, "height"))
        for number, entry in enumerate(_tables(page), start=1):
            where = f"table {number}"
            if entry.get("ignore") is True:
                remarks.append(f"{where} is marked to be ignored and left out")
            elif not isinstance(entry.get("html"), str) or not entry["html"].strip():
                remarks.append(f"{where} has no HTML and is left out")
            else:
                tables.append(_read_table(entry, number, to_points))
    except LanciError as error:
        return Rejected(name, str(error))
    if remarks and not tables:
        return Rejected(name, "; ".join(remarks))
    attributes = info.get("page_attribute")
    values = attributes if isinstance(attributes, dict) else {}
    tags = tuple(sorted((tag, str(values[tag])) for tag in _TAGS if tag in values))
    return Item(name, name, FixedFile(picture), Extraction(tuple(tables)), tags=tags, remarks=tuple(remarks))


def _read_table(entry: dict[str, Any], number: int, to_points: Transform) -> EvalTable:
    where = f"table {number}"
    parsed = parse_html_table(entry["html"], where)
    n_rows, n_cols = max(c.rows.stop for c in parsed.cells), max(c.cols.stop for c in parsed.cells)
    fragment = EvalFragment(1, 0, n_rows - 1, to_points.box(_poly_to_box(entry.get("poly"), where)))
    cells = complete_cells(parsed.cells, (fragment,), where)
    return EvalTable(f"t{number:03d}", n_rows, n_cols, cells, (fragment,), parsed.n_header_rows)


def _poly_to_box(poly: object, where: str) -> Box:
    numbers = isinstance(poly, list) and all(isinstance(v, int | float) and math.isfinite(v) for v in poly)
    if not isinstance(poly, list) or not numbers or len(poly) != 8:
        raise TruthError(f"{where}: poly must be four corners, eight numbers")
    return Box(min(poly[::2]), min(poly[1::2]), max(poly[::2]), max(poly[1::2]))


def _size(info: dict[str, Any], name: str) -> float | None:
    value = info.get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else None
