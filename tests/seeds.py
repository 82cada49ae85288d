"""The annotated documents that tests may look at."""

from __future__ import annotations

from pathlib import Path

from lanci.annotation import Side, load_splits

ANNOTATIONS = Path(__file__).parents[1] / "annotations"
SEEDS = ("gaoyi-2021", "julu-2022", "linxi-2021", "pingxiang-2023", "xushui-2024")
SEED_FILES = tuple(ANNOTATIONS / "documents" / f"{name}.json" for name in SEEDS)
"""Documents that were made from texts: they have no boxes and can be laid out again."""


def files_to_tune_on() -> tuple[Path, ...]:
    """The annotated documents that are not held out: none of the test side."""
    cities = load_splits(ANNOTATIONS / "splits.json").cities
    names = sorted(name for city in cities if city.side is not Side.TEST for name in city.documents)
    return tuple(ANNOTATIONS / "documents" / f"{name}.json" for name in names)
