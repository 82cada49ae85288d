"""Stage ``caption``: what stands above and below each table, and the page's fragments put together."""

from lanci.caption.assemble import PageContent, make_fragments

__all__ = ["PageContent", "make_fragments"]
