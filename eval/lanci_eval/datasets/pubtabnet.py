"""Pictures of single tables with their HTML, one JSON object a line, as PubTabNet 2.0.0 has them.

Zhong, ShafieiBavani and Jimeno Yepes, "Image-based table recognition: data, model, and evaluation" (ECCV 2020);
format: README of github.com/ibm-aur-nlp/PubTabNet, version 2.0.0 of July 2020: ``filename``, ``split``, ``imgid``,
``html.structure.tokens`` (tags of the structure) and ``html.cells`` with ``tokens`` (characters and inline tags)
and, where a cell is not empty, ``bbox`` (pixels, left, top, right, bottom). Also read: a line whose ``html`` is a
string with the whole table.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from lanci.document import Box, Transform
from lanci.errors import LanciError
from lanci.text import join_lines
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.html_table import HtmlTable, parse_html_table
from lanci_eval.datasets.names import names_to_ids
from lanci_eval.datasets.pictures import find_picture, pixels_to_points
from lanci_eval.datasets.request import DatasetError, check_options, folder_option
from lanci_eval.datasets.sample import Candidate, take
from lanci_eval.datasets.truth import TruthError, complete_cells
from lanci_eval.records import EvalFragment, EvalTable, Extraction

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BREAK = re.compile(r"<br ?/?>")
_ARTICLE = re.compile(r"(PMC\d+)_")
_MOST_LINE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line of the file begins; ``number`` counts from 1."""

    number: int
    start: int


class PubTabNet:
    """A JSONL file and a folder of pictures; each picture is a document with one table that fills it."""

    kind = "pubtabnet"
    summary = "PubTabNet 2.0 (PATH: its .jsonl), pictures of single tables with HTML"
    options: ClassVar[dict[str, str]] = {
        "images": "folder of the pictures or of its split folders (default: the folder of PATH)",
        "split": "train, val or test: take only lines of this split (default: all)",
    }

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`.

        Only the lines that are taken are kept in memory. Tables of one article are one group.
        """
        check_options(request, self.options)
        if not request.path.is_file():
            raise DatasetError(f"{request.path}: PubTabNet is read from its .jsonl file; name that")
        images = folder_option(request, "images", request.path.parent)
        lines, rejected = _index(request.path, request.option("split", ""))
        ids = names_to_ids(lines)
        candidates = []
        for name, places in lines.items():
            if len(places) > 1:
                numbers = " and ".join(str(place.number) for place in places)
                rejected.append(Rejected(ids[name], f"{name} is described on lines {numbers}; keep one of them"))
            else:
                candidates.append(Candidate(ids[name], partial(_read_item, ids[name], request.path, places[0], images)))
        if not candidates and not rejected:
            raise DatasetError(f"{request.path}: no table in it; check the file and the split")
        return take(candidates, request, rejected)


def _index(path: Path, split: str) -> tuple[dict[str, list[_Line]], list[Rejected]]:
    """The lines that describe each file name, and the lines that cannot be read."""
    lines: dict[str, list[_Line]] = defaultdict(list)
    rejected = []
    for place, data in _lines(path):
        try:
            entry = _parse_line(data)
        except TruthError as error:
            rejected.append(Rejected(f"line-{place.number}", f"{path.name}, line {place.number}: {error}"))
            continue
        if not split or entry.get("split") == split:
            lines[entry["filename"]].append(place)
    return dict(lines), rejected


def _lines(path: Path) -> Iterator[tuple[_Line, bytes]]:
    """The lines that are not blank; a line that is too long comes in pieces, none of which is JSON."""
    with path.open("rb") as file:
        number, start = 0, 0
        while data := file.readline(_MOST_LINE_BYTES):
            number += 1
            if data.strip():
                yield _Line(number, start), data
            start += len(data)


def _parse_line(data: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TruthError(f"no JSON ({error}); the file may be cut off, fetch it again") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("filename"), str) or not entry["filename"]:
        raise TruthError("a JSON object with a filename is needed")
    return entry


def _read_item(name: str, path: Path, place: _Line, images: Path) -> Item | Rejected:
    try:
        with path.open("rb") as file:
            file.seek(place.start)
            entry = _parse_line(file.readline(_MOST_LINE_BYTES))
        filename, split = entry["filename"], str(entry.get("split") or "")
        names = (filename, f"{split}/{filename}") if split else (filename,)
        picture = find_picture(images, names)
        table = _read_table(entry.get("html"), pixels_to_points(picture))
    except LanciError as error:
        return Rejected(name, f"{path.name}, line {place.number}: {error}")
    article = _ARTICLE.match(filename)
    tags = (("split", split),) if split else ()
    return Item(name, article[1] if article else name, FixedFile(picture), Extraction((table,)), tags=tags)


def _read_table(content: object, to_points: Transform) -> EvalTable:
    boxes: list[Box | None]
    if isinstance(content, str):
        parsed = parse_html_table(content, "html")
        boxes = [None] * len(parsed.cells)
    else:
        parsed, boxes = _parse_tokens(content)
    placed = [
        replace(cell, box=to_points.box(box) if box is not None else None)
        for cell, box in zip(parsed.cells, boxes, strict=True)
    ]
    n_rows, n_cols = max(c.rows.stop for c in placed), max(c.cols.stop for c in placed)
    # The picture is cut at the table, whose region is known no better than that.
    fragment = EvalFragment(1, 0, n_rows - 1)
    cells = complete_cells(placed, (fragment,), "html")
    return EvalTable("t001", n_rows, n_cols, cells, (fragment,), parsed.n_header_rows)


def _parse_tokens(content: object) -> tuple[HtmlTable, list[Box | None]]:
    """The table of structure and cell tokens, and the boxes of its cells in pixels."""
    try:
        structure, cells = content["structure"]["tokens"], content["cells"]  # type: ignore[index]
        texts = [_tokens_to_text(cell["tokens"]) for cell in cells]
        boxes = [_to_box(cell.get("bbox")) for cell in cells]
        markup = "".join(structure)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise TruthError(f"html must hold structure.tokens and cells with tokens ({error!r})") from error
    return parse_html_table(markup, "html", texts), boxes


def _tokens_to_text(tokens: list[str]) -> str:
    """The text of a cell: a token is one character, a character reference or an inline tag."""
    plain = "".join("\n" if _BREAK.fullmatch(t) else "" if _TAG.fullmatch(t) else html.unescape(t) for t in tokens)
    return join_lines(plain.splitlines())


def _to_box(value: list[float] | None) -> Box | None:
    if value is None:
        return None
    x0, y0, x1, y1 = (float(number) for number in value)
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise ValueError(f"a box at {value}")
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
