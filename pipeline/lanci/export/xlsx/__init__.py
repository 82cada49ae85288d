"""Documents as workbooks: a sheet for each table as printed, doubts coloured and explained."""

from __future__ import annotations

from lanci.document import Document


def document_to_xlsx(document: Document) -> bytes:
    """The bytes of a workbook; the same document gives the same bytes.

    Raises:
        LimitError: a table is longer or wider than a sheet can be.
    """
    from lanci.export.xlsx.workbook import make_workbook

    return make_workbook(document)
