"""Many documents: a store of results by content, the ledger of what came of every file, and runs that fill them."""

from lanci.bulk.reading import Store, StoredDocument, open_store
from lanci.bulk.records import LedgerEntry, State, Totals

__all__ = ["LedgerEntry", "State", "Store", "StoredDocument", "Totals", "open_store"]
