"""Facts: grammar and lexicons that read them from sentences, and their reconciliation with the ledger.

Read the modules as a sentence passes them: `tokens`, `numbers` (with `digits`), `context`, `mentions` (with `nouns`),
then `measures` (with `measured`), `harm` (with `harm_walk`) or `counts`, and `groups` and `parts`; `drafting` calls
these. `modality`, `attribution` (with `source_names`) and `quotes` follow; `extract` calls them all. What became of a
version's facts in the next is told by `claims` (with `keys`), `likeness` (with `places` and `directions`), `pairing`,
`ledger` and `retold`; `hedges` writes a value for a reader.
"""

from pipeline.facts.corrections import explained, without_notes
from pipeline.facts.extract import extract_facts, reads
from pipeline.facts.hedges import hedged
from pipeline.facts.ledger import reconcile
from pipeline.facts.positions import locate
from pipeline.facts.recognising import Recogniser, speech_verbs, with_speakers
from pipeline.facts.retold import with_retold
from pipeline.facts.touched import touched

__all__ = [
    "Recogniser",
    "explained",
    "extract_facts",
    "hedged",
    "locate",
    "reads",
    "reconcile",
    "speech_verbs",
    "touched",
    "with_retold",
    "with_speakers",
    "without_notes",
]
