"""Data sets of pictures: where a picture lies, and how its pixels become points of the page that shows it."""

from __future__ import annotations

from pathlib import Path

from lanci.document import Transform
from lanci.errors import UnsupportedInputError
from lanci.source import SourceOptions, open_source
from lanci.source.pictures import read_frames
from lanci.source.sniff import PICTURES, MediaType
from lanci_eval.datasets.names import inside
from lanci_eval.datasets.truth import TruthError


def find_picture(folder: Path, names: tuple[str, ...]) -> Path:
    """The first of the names that is a file inside the folder; raises TruthError when none is."""
    for name in names:
        path = inside(folder, name)
        if path is None:
            raise TruthError(f"the file name {name!r} leads out of {folder}; refused")
        if path.is_file():
            return path
    raise TruthError(f"there is no {names[0]} in {folder}; name the folder of the pictures with images=FOLDER")


def pixels_to_points(path: Path, width: float | None = None, height: float | None = None) -> Transform:
    """The map from pixels of a picture to points of the page that lanci makes of it.

    Args:
        path: a PNG, JPEG or TIFF; its first picture counts.
        width: of the picture, in the pixels that are to be mapped; as it is stored when None.
        height: as ``width``.

    Raises:
        LanciError: the file is no picture, or damaged; TruthError when width and height have another proportion
            than the picture.
    """
    with open_source(path) as source:
        if source.media_type not in PICTURES:
            raise UnsupportedInputError(f"{path.name} is {source.media_type}, not a picture")
        page = source.page(1)
        (frame, *_) = read_frames(path.read_bytes(), MediaType(source.media_type), path.name, SourceOptions())
    across, down = float(frame.width), float(frame.height)
    if (across > down) != (page.width > page.height) and across != down:
        across, down = down, across  # turned by its Exif entry
    if width and height:
        if abs(width * down - height * across) > 0.02 * max(width * down, height * across):
            what = f"{width:g} x {height:g}"
            raise TruthError(f"{path.name} has {across:g} x {down:g} pixels, but the truth was made on {what}")
        across, down = width, height
    return Transform(a=page.width / across, d=page.height / down)
