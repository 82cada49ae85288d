"""``report.html``: one page without scripts that needs nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import jinja2

from lanci_eval.metrics.base import Metric
from lanci_eval.report.build import build_report
from lanci_eval.report.charts import HISTOGRAM_HEIGHT, PLOT_SIZE
from lanci_eval.report.gallery import Gallery, PageSource
from lanci_eval.report.key_figures import KEY_FIGURES, KeyFigure
from lanci_eval.results import Results
from lanci_eval.results.summarize import MIN_GROUPS, Slice

REPORT_FILE = "report.html"
_TEMPLATE = "report.html.j2"


def report_to_html(
    results: Results,
    slices: Sequence[Slice],
    metrics: Sequence[type[Metric]],
    *,
    page_source: PageSource | None = None,
    keys: Sequence[KeyFigure] = KEY_FIGURES,
) -> str:
    """The page.

    Args:
        results: the run.
        slices: its figures, see :func:`lanci_eval.results.summarize.summarize`.
        metrics: the metrics that the run counted.
        page_source: gives the file of an item, for crops of the worst cells; None for a page without pictures.
        keys: the figures of the summary.
    """
    with ExitStack() as stack:
        gallery = None if page_source is None else stack.enter_context(Gallery(page_source))
        view = build_report(results, slices, metrics, keys, gallery)
    # every text is escaped, wherever it comes from: cells are what a stranger's document holds
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lanci_eval.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(_TEMPLATE)
    return page.render(report=view, plot_size=PLOT_SIZE, histogram_height=HISTOGRAM_HEIGHT, min_groups=MIN_GROUPS)
