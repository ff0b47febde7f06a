"""Facts: grammar and lexicons that read them from sentences, and their reconciliation with the ledger."""

from pipeline.facts.corrections import explained, without_notes
from pipeline.facts.extract import extract_facts, reads
from pipeline.facts.ledger import reconcile
from pipeline.facts.positions import locate
from pipeline.facts.recognising import Recogniser, speech_verbs, with_speakers
from pipeline.facts.touched import touched

__all__ = [
    "Recogniser",
    "explained",
    "extract_facts",
    "locate",
    "reads",
    "reconcile",
    "speech_verbs",
    "touched",
    "with_speakers",
    "without_notes",
]
