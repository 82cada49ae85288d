"""The report of a store: one page that tells what is in it, what failed, how much is proven and how long it took."""

from lanci.report.facts import StoreFacts, gather_facts
from lanci.report.html import facts_to_html, write_report
from lanci.report.tally import Tally

__all__ = ["StoreFacts", "Tally", "facts_to_html", "gather_facts", "write_report"]
