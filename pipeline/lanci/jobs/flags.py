"""The options of a command that change how documents are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lanci.override import Override
from lanci.override_file import OverrideFile

if TYPE_CHECKING:
    from lanci.parsing import ParseOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseFlags:
    """The options of a command that change how documents are read; None keeps the pipeline's default.

    Kept apart from ``ParseOptions`` so that the command's own process need not load the whole pipeline.
    """

    pages: tuple[int, ...] | None = None
    ocr: str | None = None
    ocr_models: Path | None = None
    force_ocr: bool = False
    password: str | None = None
    dpi: float | None = None
    max_pages: int | None = None
    max_page_points: float | None = None
    max_pixels: int | None = None
    max_file_bytes: int | None = None
    max_stream_bytes: int | None = None
    office_timeout: float | None = None
    join: tuple[Override, ...] = ()
    split: tuple[Override, ...] = ()
    overrides: OverrideFile | None = None

    def overrides_of(self, path: Path) -> tuple[Override, ...]:
        """The joins and splits for one input file.

        Raises:
            OverrideError: the overrides file is for another version of it.
        """
        return self.join + self.split + (() if self.overrides is None else self.overrides.overrides_of(path))

    def to_options(self) -> ParseOptions:
        """The pipeline's options for every document; its overrides come on top."""
        from lanci.parsing import ParseOptions

        options = ParseOptions(pages=self.pages)
        source = {
            "password": self.password,
            "max_pages": self.max_pages,
            "max_page_points": self.max_page_points,
            "max_pixels": self.max_pixels,
            "max_file_bytes": self.max_file_bytes,
            "max_stream_bytes": self.max_stream_bytes,
            "office_timeout_s": self.office_timeout,
        }
        page = {"dpi": self.dpi, "force_ocr": self.force_ocr or None}
        ocr = {"engine": self.ocr, "model_dir": self.ocr_models}
        return replace(
            options,
            source=replace(options.source, **_given(source)),
            page=replace(options.page, **_given(page)),
            ocr=replace(options.ocr, **_given(ocr)),
        )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
