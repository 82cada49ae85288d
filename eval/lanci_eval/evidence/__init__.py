"""What a digital PDF's visible text layer says, read without any table system."""

from lanci_eval.evidence.read import read_evidence
from lanci_eval.evidence.records import (
    AreaKind,
    DocumentEvidence,
    NumberKind,
    PrintedNumber,
    PrintedPage,
    PrintedWord,
    ProseFigure,
    TableArea,
)

__all__ = [
    "AreaKind",
    "DocumentEvidence",
    "NumberKind",
    "PrintedNumber",
    "PrintedPage",
    "PrintedWord",
    "ProseFigure",
    "TableArea",
    "read_evidence",
]
