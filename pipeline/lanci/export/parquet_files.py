"""Parquet: a file for each relation, the records in partitions by year and province.

Memory is bounded whatever the store holds: at most ``MAX_WAITING`` rows wait, then the partition with most of them is
written as a row group; of the files at most ``MAX_OPEN`` are open, a partition that comes again after its file
was closed goes on in a further part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lanci.export.arrow import relation_to_schema, rows_to_table, weigh
from lanci.export.relations import Relation
from lanci.export.rows import RECORDS

if TYPE_CHECKING:
    import pyarrow
    from pyarrow import parquet

MAX_WAITING = 100_000
MAX_OPEN = 128
PARTITION_KEYS = ("budget_year", "province")
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""What readers of partitioned folders take for a missing value."""


class ParquetFiles:
    """Takes rows of all relations and writes them below ``folder``."""

    def __init__(self, folder: Path, *, max_waiting: int = MAX_WAITING, max_open: int = MAX_OPEN) -> None:
        self._folder = folder
        self._max_waiting = max_waiting
        self._max_open = max_open
        self._waiting: dict[tuple[str, str], list[pyarrow.Table]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._open: dict[tuple[str, str], parquet.ParquetWriter] = {}
        self._parts: Counter[tuple[str, str]] = Counter()
        self._schemas: dict[str, pyarrow.Schema] = {}

    def write(self, relation: Relation, rows: Sequence[Any]) -> None:
        """Take rows of one relation."""
        schema = self._schema(relation)
        for place, some in groupby(rows, key=_record_to_place) if relation is RECORDS else (("", rows),):
            table = rows_to_table(relation, list(some), schema)
            self._waiting.setdefault((relation.name, place), []).append(table)
            self._counts[relation.name, place] += weigh(table)
        while self._counts.total() > self._max_waiting:
            self._flush(max(self._counts, key=self._counts.__getitem__))

    def close(self) -> None:
        """Write what waits and finish all files."""
        for key in sorted(self._waiting):
            self._flush(key)
        for key in list(self._open):
            self._open.pop(key).close()

    def discard(self) -> None:
        """Give up all files."""
        for writer in self._open.values():
            writer.close()

    def _schema(self, relation: Relation) -> pyarrow.Schema:
        if relation.name not in self._schemas:
            # The folder's name tells these; a reader that meets them twice may refuse the file.
            without = PARTITION_KEYS if relation is RECORDS else ()
            self._schemas[relation.name] = relation_to_schema(relation, without=without)
        return self._schemas[relation.name]

    def _flush(self, key: tuple[str, str]) -> None:
        import pyarrow

        table = pyarrow.concat_tables(self._waiting.pop(key)).combine_chunks()
        del self._counts[key]
        writer = self._open.pop(key, None) or self._open_part(key)
        self._open[key] = writer  # the last one used is the last to be closed
        writer.write_table(table, row_group_size=self._max_waiting)

    def _open_part(self, key: tuple[str, str]) -> parquet.ParquetWriter:
        from pyarrow import parquet

        while len(self._open) >= self._max_open:
            self._open.pop(next(iter(self._open))).close()
        name, place = key
        self._parts[key] += 1
        path = self._folder / name / place / f"part-{self._parts[key]:05}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        return parquet.ParquetWriter(path, self._schemas[name], compression="zstd")


def _record_to_place(row: Any) -> str:
    values = (getattr(row, key) for key in PARTITION_KEYS)
    return "/".join(
        f"{key}={_NO_VALUE if value is None else value}" for key, value in zip(PARTITION_KEYS, values, strict=True)
    )
