"""Facts: grammar and lexicons that read them from sentences, and their reconciliation with the ledger."""

from pipeline.facts.corrections import explained
from pipeline.facts.extract import extract_facts
from pipeline.facts.ledger import reconcile
from pipeline.facts.positions import locate

__all__ = ["explained", "extract_facts", "locate", "reconcile"]
