"""The ground truth: load it, save it, check it, and cut it into the fragments that pages show."""

from lanci.annotation.checks import check_annotations
from lanci.annotation.fragments import FragmentTruth, table_to_fragments
from lanci.annotation.load import Reading, load_annotation, load_annotations, read_annotation
from lanci.annotation.problems import Problem
from lanci.annotation.records import (
    NO_BOX,
    NO_TABLES,
    AnnotatedDocument,
    AnnotatedFragment,
    AnnotatedPage,
    AnnotatedTable,
    How,
    Media,
    Narrative,
    Verification,
)
from lanci.annotation.save import annotation_to_json, annotation_to_text, save_annotation
from lanci.annotation.splits import Side, Splits, check_splits, load_splits

__all__ = [
    "NO_BOX",
    "NO_TABLES",
    "AnnotatedDocument",
    "AnnotatedFragment",
    "AnnotatedPage",
    "AnnotatedTable",
    "FragmentTruth",
    "How",
    "Media",
    "Narrative",
    "Problem",
    "Reading",
    "Side",
    "Splits",
    "Verification",
    "annotation_to_json",
    "annotation_to_text",
    "check_annotations",
    "check_splits",
    "load_annotation",
    "load_annotations",
    "load_splits",
    "read_annotation",
    "save_annotation",
    "table_to_fragments",
]
