"""Stage ``caption``: what stands above and below each table, and the page's fragments put together."""

from lanci.caption.assemble import PageContent, PageDraft, draft_page, make_fragments, make_statements

__all__ = ["PageContent", "PageDraft", "draft_page", "make_fragments", "make_statements"]
