"""Facts: grammar and lexicons that read them from sentences, and their reconciliation with the ledger."""

from pipeline.facts.extract import extract_facts
from pipeline.facts.ledger import reconcile

__all__ = ["extract_facts", "reconcile"]
