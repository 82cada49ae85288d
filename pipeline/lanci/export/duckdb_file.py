"""DuckDB: one database with a table for each relation, views over them, and the descriptions as comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lanci.errors import OutputError
from lanci.export.arrow import relation_to_schema, rows_to_table, weigh
from lanci.export.decimals import DECIMALS, DIGITS
from lanci.export.relations import Kind, Relation
from lanci.export.rows import RELATIONS
from lanci.export.views import VIEWS

if TYPE_CHECKING:
    import pyarrow

DATABASE_FILE = "lanci.duckdb"
MAX_WAITING = 20_000
"""So many rows of one relation wait at most, as :func:`lanci.export.arrow.weigh` counts them."""

_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.WHOLE: "INTEGER",
    Kind.REAL: "DOUBLE",
    Kind.EXACT: f"DECIMAL({DIGITS}, {DECIMALS})",
    Kind.FLAG: "BOOLEAN",
}


class DuckdbFile:
    """Takes rows of all relations and writes ``folder/lanci.duckdb``."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        self._connection = duckdb.connect(str(folder / DATABASE_FILE), config={"threads": 1, "memory_limit": "1GB"})
        self._waiting: dict[str, list[pyarrow.Table]] = {relation.name: [] for relation in RELATIONS}
        self._counts = dict.fromkeys(self._waiting, 0)
        self._schemas = {relation.name: relation_to_schema(relation) for relation in RELATIONS}
        for relation in RELATIONS:
            self._connection.execute(_relation_to_ddl(relation))

    def write(self, relation: Relation, rows: Sequence[Any]) -> None:
        """Take rows of one relation."""
        name = relation.name
        table = rows_to_table(relation, rows, self._schemas[name])
        self._waiting[name].append(table)
        self._counts[name] += weigh(table)
        if self._counts[name] >= MAX_WAITING:
            self._flush(name)

    def close(self) -> None:
        """Write what waits, the comments and the views.

        Raises:
            OutputError: the database cannot be written.
        """
        for name in self._waiting:
            self._flush(name)
        with _output_errors():
            self._describe()
            self._connection.close()

    def discard(self) -> None:
        """Give up the database."""
        self._connection.close()

    def _flush(self, name: str) -> None:
        import pyarrow

        tables, self._waiting[name], self._counts[name] = self._waiting[name], [], 0
        if not tables:
            return
        self._connection.register("waiting", pyarrow.concat_tables(tables))
        with _output_errors():
            self._connection.execute(f"INSERT INTO {name} SELECT * FROM waiting")  # noqa: S608 - a name of ours
        self._connection.unregister("waiting")

    def _describe(self) -> None:
        for relation in RELATIONS:
            self._connection.execute(f"COMMENT ON TABLE {relation.name} IS {_quote(relation.description)}")
            for column in relation.columns:
                place = f'{relation.name}."{column.name}"'
                self._connection.execute(f"COMMENT ON COLUMN {place} IS {_quote(column.description)}")
        for view in VIEWS:
            self._connection.execute(f"CREATE VIEW {view.name} AS {view.query}")
            self._connection.execute(f"COMMENT ON VIEW {view.name} IS {_quote(view.description)}")
        self._connection.execute("CHECKPOINT")


@contextmanager
def _output_errors() -> Iterator[None]:
    """Tell in the words of lanci that the database cannot be written."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        raise OutputError(f"the database cannot be written: {error}; make room or choose another place") from error


def _relation_to_ddl(relation: Relation) -> str:
    columns = ", ".join(
        f'"{column.name}" {_TYPES[column.kind]}{"" if column.optional else " NOT NULL"}' for column in relation.columns
    )
    return f"CREATE TABLE {relation.name} ({columns})"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
