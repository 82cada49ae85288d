"""The pictures and shadings of a page, as far as they can hide text or lie under it.

Coordinates are those of MuPDF's page before its /Rotate is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pymupdf

from lanci.page.paint import Area

_Place = tuple[float, float, float, float]
_PAINTED = frozenset({"fill-image", "fill-imgmask", "fill-shade"})
_REFERENCE = re.compile(r"(\d+) \d+ R")
# What lets show through what lies below: an opacity under 1, a blend mode, a mask.
_TRANSLUCENT = re.compile(r"/ca\s+0?\.\d*[1-9]|/ca\s+0(?![.\d])|/BM\s*/(?!Normal|Compatible)|/SMask\s+(?!/None)")
_DEEPEST = 4  # levels of the page tree from which resources are inherited


@dataclass(frozen=True, slots=True)
class Pictures:
    """``images`` are the places of pictures, ``places`` those of pictures, stencils and shadings.

    ``covers`` are the pictures that surely hide the text painted before them.
    """

    images: tuple[_Place, ...] = ()
    places: tuple[_Place, ...] = ()
    covers: tuple[Area, ...] = ()


def read_pictures(page: pymupdf.Page) -> Pictures:
    """Find what a page paints besides paths and text; this costs as much as reading the page's text."""
    log = page.get_bboxlog()
    places: list[tuple[int, _Place]] = [(i, entry[1]) for i, entry in enumerate(log) if entry[0] in _PAINTED]
    if not places:
        return Pictures()
    infos = page.get_image_info()
    first_text = next((order for order, (what, *_) in enumerate(log) if what.endswith("-text")), len(log))
    late = [place for place in places if place[0] > first_text and log[place[0]][0] == "fill-image"]
    if late and not _is_translucent(page):
        masked = [info["bbox"] for info in infos if info.get("has-mask")]
        late = [place for place in late if not any(_same_place(place[1], m) for m in masked)]
    else:
        late = []
    return Pictures(
        images=tuple(tuple(info["bbox"]) for info in infos),
        places=tuple(place for _, place in places),
        covers=tuple(Area(*place, order, -1, opaque=True, late=True) for order, place in late),
    )


def _same_place(box: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= 1.0 for a, b in zip(box, other, strict=True))


def _is_translucent(page: pymupdf.Page) -> bool:
    """Whether the page has any graphics state with which a picture would not hide what lies below it."""
    document = page.parent
    if not document.is_pdf:
        return False
    xrefs = [page.xref, *(xobject[0] for xobject in page.get_xobjects())]
    return any(_TRANSLUCENT.search(state) for xref in xrefs for state in _graphics_states(document, xref))


def _graphics_states(document: pymupdf.Document, xref: int) -> Iterator[str]:
    """The source of the graphics states that an object's resources name, inherited ones included."""
    for level in range(_DEEPEST):
        kind, source = document.xref_get_key(xref, "Parent/" * level + "Resources/ExtGState")
        if kind == "null":
            continue
        if kind == "xref":
            source = document.xref_object(int(source.split()[0]))
        yield source
        for reference in _REFERENCE.findall(source):
            yield document.xref_object(int(reference))
