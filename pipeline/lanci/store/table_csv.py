"""One table as CSV, for people and spreadsheets.

UTF-8 with a byte-order mark and CRLF, as Excel expects. The full rectangle, header rows included; the text
of a spanning cell stands at its top-left position. The texts are those printed, with one exception: a
spreadsheet would run a text that begins like a formula, so such a text gets an apostrophe in front, unless it
is a number.
"""

from __future__ import annotations

import csv
import io
import re

from lanci.document import Table

_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[-+－＋]?(\d[\d,，]*(\.\d*)?|\.\d+)[%％]?")


def table_to_csv(table: Table) -> bytes:
    """The whole file's bytes."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in table.to_rows():
        writer.writerow([text_to_csv_cell(text) for text in row])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def text_to_csv_cell(text: str) -> str:
    """The text, made harmless for spreadsheets: ``=1+1`` becomes ``'=1+1``; ``-0.40`` and ``-`` stay."""
    bare = text.strip(" ")
    if bare[:1] not in _FORMULA_STARTS or not bare:
        return text
    harmless = _NUMBER.fullmatch(bare) or not any(char.isalnum() for char in bare)
    return text if harmless else f"'{text}"
