"""The ground truth: load it, check it, and cut it into the fragments that pages show."""

from lanci.annotation.checks import Problem, check_annotations
from lanci.annotation.fragments import FragmentTruth, table_to_fragments
from lanci.annotation.load import load_annotation, load_annotations
from lanci.annotation.records import AnnotatedDocument, AnnotatedFragment, AnnotatedTable, Narrative

__all__ = [
    "AnnotatedDocument",
    "AnnotatedFragment",
    "AnnotatedTable",
    "FragmentTruth",
    "Narrative",
    "Problem",
    "check_annotations",
    "load_annotation",
    "load_annotations",
    "table_to_fragments",
]
