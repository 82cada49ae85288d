"""The report of a run: ``report.html`` for reading, ``results.md`` for pasting, and the tables of a comparison."""

from lanci_eval.report.compare_markdown import comparison_to_markdown
from lanci_eval.report.gallery import PageSource
from lanci_eval.report.html import REPORT_FILE, report_to_html
from lanci_eval.report.key_figures import KEY_FIGURES, KeyFigure
from lanci_eval.report.markdown import SUMMARY_FILE, results_to_markdown
from lanci_eval.report.write import write_report

__all__ = [
    "KEY_FIGURES",
    "REPORT_FILE",
    "SUMMARY_FILE",
    "KeyFigure",
    "PageSource",
    "comparison_to_markdown",
    "report_to_html",
    "results_to_markdown",
    "write_report",
]
