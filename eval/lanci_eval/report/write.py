"""Writing the three files of a finished run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci_eval.metrics.base import Metric
from lanci_eval.report.gallery import PageSource
from lanci_eval.report.html import REPORT_FILE, report_to_html
from lanci_eval.report.key_figures import KEY_FIGURES, KeyFigure
from lanci_eval.report.markdown import SUMMARY_FILE, results_to_markdown
from lanci_eval.results import Results
from lanci_eval.results.estimate import DRAWS
from lanci_eval.results.files import write_file, write_results
from lanci_eval.results.summarize import summarize

RESULTS_FILE = "results.json"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is made.

    Attributes:
        gallery: whether it shows crops of the pages; a report for publication does not.
        seed: of the resamples.
        draws: number of resamples.
        keys: the figures of the summary.
    """

    gallery: bool = True
    seed: int = 0
    draws: int = DRAWS
    keys: tuple[KeyFigure, ...] = KEY_FIGURES


def write_report(
    results: Results,
    folder: Path,
    metrics: Sequence[type[Metric]],
    page_source: PageSource,
    options: ReportOptions | None = None,
) -> tuple[Path, ...]:
    """Write ``results.json``, ``report.html`` and ``results.md``, and return their paths.

    Args:
        results: the run.
        folder: where to; made when missing. Older files of these names are replaced.
        metrics: the metrics that the run counted.
        page_source: gives the file of an item, for the gallery; asked only when there is one.
        options: the defaults of :class:`ReportOptions` when None.

    Raises:
        OutputError: a file cannot be written.
    """
    options = options or ReportOptions()
    slices = summarize(results, metrics, seed=options.seed, draws=options.draws)
    source = page_source if options.gallery else None
    paths = tuple(folder / name for name in (RESULTS_FILE, REPORT_FILE, SUMMARY_FILE))
    write_results(results, slices, paths[0])
    write_file(paths[1], report_to_html(results, slices, metrics, page_source=source, keys=options.keys))
    write_file(paths[2], results_to_markdown(results, slices, options.keys))
    return paths
