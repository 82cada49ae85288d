"""The published files behind annotations, found by their contents, and pictures of their pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lanci.annotation import AnnotatedDocument, Media
from lanci.document import Image
from lanci.errors import AnnotationError, OutputError
from lanci.source import Source, discover, open_source

_BLOCK = 1 << 20
_SIZE_MARGIN = 0.5
"""Points by which a page may be larger or smaller than annotated: sizes are rounded in between."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page: its number from 1, the file's name and its size in pixels."""

    number: int
    name: str
    width: int
    height: int


def find_originals(documents: Iterable[AnnotatedDocument], files: Iterable[Path]) -> dict[str, Path]:
    """The file of each document by id, known by its SHA-256; only documents made from files, not texts.

    Args:
        documents: annotated documents.
        files: files and folders to look in.

    Raises:
        AnnotationError: the file of a document is not among them.
        UnsupportedInputError: a path does not exist or cannot be read.
    """
    by_sum: dict[str, Path] = {}
    for path in discover(sorted(files)):
        by_sum.setdefault(_sha256(path), path)
    found = {}
    for document in documents:
        if document.media is Media.TEXT:
            continue
        if document.sha256 not in by_sum:
            raise AnnotationError(
                f"{document.id}: no file with the SHA-256 {document.sha256[:16]}… was given; "
                f"give the one published as: {document.published}"
            )
        found[document.id] = by_sum[document.sha256]
    return found


def check_pages(document: AnnotatedDocument, source: Source) -> None:
    """AnnotationError unless the file has the pages of the annotation, in the sizes that it notes."""
    if source.n_pages != document.n_pages:
        raise AnnotationError(f"{document.id}: annotated with {document.n_pages} pages, but has {source.n_pages}")
    for page in document.pages:
        real = source.page(page.number)
        if max(abs(real.width - page.width), abs(real.height - page.height)) > _SIZE_MARGIN:
            raise AnnotationError(
                f"{document.id}, page {page.number}: annotated as {page.width:g} x {page.height:g} points, "
                f"but it is {real.width:.2f} x {real.height:.2f}; correct the annotation"
            )


def write_page_images(document: AnnotatedDocument, original: Path, folder: Path, dpi: float) -> tuple[PageImage, ...]:
    """Draw every page of a document as displayed into ``folder``, as PNG.

    Raises:
        AnnotationError: the file does not fit the annotation.
        LanciError: it cannot be opened or drawn.
        OutputError: a picture cannot be written.
    """
    images = []
    with open_source(original) as source:
        check_pages(document, source)
        for number in range(1, source.n_pages + 1):
            image, _ = source.page(number).render(dpi)
            name = f"{document.id}-p{number:03d}.png"
            write_png(image, folder / name)
            images.append(PageImage(number, name, image.shape[1], image.shape[0]))
    return tuple(images)


def write_png(image: Image, path: Path) -> None:
    """Write an RGB or grey picture; OutputError when that fails."""
    stored = image if image.ndim == 2 else image[:, :, ::-1]
    done, data = cv2.imencode(".png", np.ascontiguousarray(stored), [cv2.IMWRITE_PNG_COMPRESSION, 6])
    if not done:
        raise OutputError(f"{path} cannot be encoded as PNG")
    try:
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}); check the folder") from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
