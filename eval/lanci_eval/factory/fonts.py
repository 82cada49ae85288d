"""The typefaces of the factory: all from Debian packages, found where these put them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lanci.errors import MissingProgramError

_SHARED = Path("/usr/share/fonts")
_LATIN = _SHARED / "truetype/liberation/LiberationSerif-Regular.ttf"
_LATIN_PACKAGE = "fonts-liberation"


@dataclass(frozen=True, slots=True)
class Typeface:
    """A face of a Debian font package.

    Attributes:
        name: the family name that fontconfig, and so layout engines, know it by.
        package: the Debian package.
        file: under the folder of shared fonts.
        number: which font of the collection it is.
        outlines: ``truetype`` or ``cff``; ReportLab embeds TrueType outlines only.
        latin: the face of Latin letters and digits, for a face that has none; of the package fonts-liberation.
    """

    name: str
    package: str
    file: str
    number: int = 0
    outlines: str = "truetype"
    latin: str = ""

    @property
    def path(self) -> Path:
        """Where the package puts the file."""
        return _SHARED / self.file


_TYPEFACES = (
    Typeface("Noto Sans CJK SC", "fonts-noto-cjk", "opentype/noto/NotoSansCJK-Regular.ttc", 2, "cff"),
    Typeface("Noto Serif CJK SC", "fonts-noto-cjk", "opentype/noto/NotoSerifCJK-Regular.ttc", 2, "cff"),
    Typeface("WenQuanYi Zen Hei", "fonts-wqy-zenhei", "truetype/wqy/wqy-zenhei.ttc"),
    Typeface("WenQuanYi Micro Hei", "fonts-wqy-microhei", "truetype/wqy/wqy-microhei.ttc"),
    Typeface("AR PL UMing CN", "fonts-arphic-uming", "truetype/arphic/uming.ttc"),
    Typeface("AR PL UKai CN", "fonts-arphic-ukai", "truetype/arphic/ukai.ttc"),
    Typeface(
        "Droid Sans Fallback",
        "fonts-droid-fallback",
        "truetype/droid/DroidSansFallbackFull.ttf",
        latin="Liberation Serif",
    ),
)

TYPEFACES: dict[str, Typeface] = {face.name: face for face in _TYPEFACES}
"""All typefaces by name."""


def find_typeface(name: str) -> Typeface:
    """The typeface of this name, whose file is there.

    Raises:
        ValueError: there is no such typeface.
        MissingProgramError: its package is not installed.
    """
    if name not in TYPEFACES:
        raise ValueError(f"there is no typeface {name!r}; there are: {', '.join(TYPEFACES)}")
    face = TYPEFACES[name]
    needed = [(face.path, face.package)] + ([(_LATIN, _LATIN_PACKAGE)] if face.latin else [])
    for path, package in needed:
        if not path.is_file():
            raise MissingProgramError(
                f"the typeface {name} is not installed ({path} is missing): make system, or apt-get install {package}"
            )
    return face
