"""The XML of the ICDAR-2013 table competition, as records.

Göbel, Hassan, Oro and Orsi, "ICDAR 2013 Table Competition" (2013). The *structure model* (``-str.xml``) lists
tables, the regions where pages show them, and in these cells with first and last row and column (the last left
out where it is the first), a bounding box and the content; ``row-increment`` and ``col-increment`` of a region
are added to the positions of its cells. The *region model* (``-reg.xml``) gives the box of every region.
Boxes are in points with the origin at the bottom left; their corners come in any order.

Files come from strangers: they are read by expat from the standard library with every document type
declaration refused, so that no entity can be declared, expanded or fetched. No other package is needed for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lanci.document import Box
from lanci.text import join_lines
from lanci_eval.datasets.truth import TruthError

_MOST_BYTES = 32 * 1024 * 1024
_MOST_DEPTH = 64


@dataclass(frozen=True, slots=True)
class XmlCell:
    """A cell; rows and columns have the region's increments added; ``box`` is in the file's own coordinates."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class XmlRegion:
    """What one page shows of a table."""

    page: int
    cells: tuple[XmlCell, ...]


@dataclass(frozen=True, slots=True)
class XmlTable:
    """A logical table with its regions in the order of the file."""

    id: str
    regions: tuple[XmlRegion, ...]


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A structure model; ``filename`` is what it says of itself."""

    filename: str
    tables: tuple[XmlTable, ...]


def read_structure(path: Path) -> XmlDocument:
    """The structure model in a file; raises TruthError when it cannot be read or breaks the format."""
    root = _read_xml(path)
    tables = tuple(
        XmlTable(table.get("id", str(number)), tuple(_to_region(r, path) for r in table.iter("region")))
        for number, table in enumerate(root.iter("table"), start=1)
    )
    return XmlDocument(root.get("filename", ""), tables)


def read_regions(path: Path) -> dict[str, tuple[tuple[int, Box], ...]]:
    """Pages and boxes of the regions by table id, from a region model; raises TruthError as above."""
    found: dict[str, tuple[tuple[int, Box], ...]] = {}
    for number, table in enumerate(_read_xml(path).iter("table"), start=1):
        places = []
        for region in table.iter("region"):
            box = _to_box(region.find("bounding-box"), path)
            if box is not None:
                places.append((_number(region, "page", path), box))
        found[table.get("id", str(number))] = tuple(places)
    return found


def _to_region(region: Element, path: Path) -> XmlRegion:
    down, right = _number(region, "row-increment", path, 0), _number(region, "col-increment", path, 0)
    cells = tuple(_to_cell(cell, down, right, path) for cell in region.iter("cell"))
    return XmlRegion(_number(region, "page", path), cells)


def _to_cell(cell: Element, down: int, right: int, path: Path) -> XmlCell:
    row, col = _number(cell, "start-row", path), _number(cell, "start-col", path)
    last_row, last_col = _number(cell, "end-row", path, row), _number(cell, "end-col", path, col)
    content = cell.find("content")
    text = "" if content is None else "".join(content.itertext())
    return XmlCell(
        row + down,
        col + right,
        last_row - row + 1,
        last_col - col + 1,
        join_lines(text.splitlines()),
        _to_box(cell.find("bounding-box"), path),
    )


def _to_box(element: Element | None, path: Path) -> Box | None:
    if element is None:
        return None
    x1, x2, y1, y2 = (_number(element, name, path) for name in ("x1", "x2", "y1", "y2"))
    return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _number(element: Element, name: str, path: Path, default: int | None = None) -> int:
    text = element.get(name)
    if text is None and default is not None:
        return default
    try:
        value = int((text or "").strip())
    except ValueError as error:
        raise TruthError(f"{path.name}: {name}={text!r} of a <{element.tag}> is no whole number") from error
    if abs(value) > 1_000_000:
        raise TruthError(f"{path.name}: {name}={value} of a <{element.tag}> is too large to be true")
    return value


def _read_xml(path: Path) -> Element:
    """The root of an XML file without document type declaration."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise TruthError(f"{path.name} has more than {_MOST_BYTES} bytes; truths are far smaller")
        data = path.read_bytes()
    except OSError as error:
        raise TruthError(f"{path.name} cannot be read ({error.strerror}); check that it is there") from error
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise TruthError(f"{path.name}: elements are nested more than {_MOST_DEPTH} deep")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: object) -> NoReturn:
        raise TruthError(f"{path.name} declares a document type or entities, which truths do not need; refused")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise TruthError(f"{path.name} is no well-formed XML ({error}); fetch it again") from error
    return builder.close()
