"""The annotated documents that were made from texts: they have no boxes and can be laid out again."""

from __future__ import annotations

from pathlib import Path

ANNOTATIONS = Path(__file__).parents[1] / "annotations"
SEEDS = ("gaoyi-2021", "julu-2022", "linxi-2021", "pingxiang-2023", "xushui-2024")
SEED_FILES = tuple(ANNOTATIONS / "documents" / f"{name}.json" for name in SEEDS)
