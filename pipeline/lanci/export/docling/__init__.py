"""Documents as DoclingDocuments, the form that retrieval pipelines take.

Tables keep their spans, header flags and boxes; captions and notes hang on their table, statements are texts. What the
form has no field for is in ``meta`` under ``lanci__...`` names, above all which cells a reader should not trust:
DoclingDocument knows no doubt.
"""

from __future__ import annotations

from lanci.document import Document


def document_to_docling_json(document: Document) -> bytes:
    """A DoclingDocument as the bytes of its file; the same for the same document and version of docling-core.

    Raises:
        LimitError: the tables have more cells than docling-core reads back.
    """
    from lanci.export.docling.items import make_docling_document

    # not through export_to_dict(): a table of 100,000 cells would take three times the memory
    text: str = make_docling_document(document).model_dump_json(by_alias=True, exclude_none=True)
    return text.encode() + b"\n"
