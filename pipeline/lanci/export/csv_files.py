"""CSV: a file for each relation."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from lanci.export.relations import Relation
from lanci.export.rows import RELATIONS
from lanci.store import value_to_csv_cell


class CsvFiles:
    """Takes rows of some relations and writes ``folder/<relation>.csv``, harmless for spreadsheets.

    Decimals have all printed digits. With ``byte_order_mark`` the files open in Excel as they are.
    """

    def __init__(
        self, folder: Path, *, relations: Iterable[Relation] = RELATIONS, byte_order_mark: bool = True
    ) -> None:
        self._files = ExitStack()
        encoding = "utf-8-sig" if byte_order_mark else "utf-8"
        self._writers = {}
        for relation in relations:
            path = folder / f"{relation.name}.csv"
            # a file name that is no Unicode comes as lone surrogates, which UTF-8 cannot hold
            file = self._files.enter_context(path.open("w", encoding=encoding, errors="replace", newline=""))
            self._writers[relation.name] = csv.writer(file, lineterminator="\r\n")
            self._writers[relation.name].writerow([column.name for column in relation.columns])

    def write(self, relation: Relation, rows: Sequence[Any]) -> None:
        """Take rows of one relation."""
        self._writers[relation.name].writerows(
            [value_to_csv_cell(value) for value in values] for values in relation.rows_to_values(rows)
        )

    def close(self) -> None:
        """Finish all files."""
        self._files.close()

    discard = close
