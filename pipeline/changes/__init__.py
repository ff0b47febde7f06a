"""What changed between two versions of an article, and what that means.

The road: `split_sentences` → `compare` (links, then updates) → `judge`; `decide_version` says whether there is a new
version at all; `word_diff` shows an edited sentence. Pure: values in, values out.
"""

from pipeline.changes.comparison import apply_updates, compare, telling
from pipeline.changes.corrections import fresh_notes, link_corrections, notes_that_differ
from pipeline.changes.decision import content_sha256, decide_version, is_translated
from pipeline.changes.headlines import is_now_corrected, says_otherwise
from pipeline.changes.live import with_kept_entries
from pipeline.changes.meaning import judge
from pipeline.changes.normal import normalise
from pipeline.changes.sentences import split_sentences
from pipeline.changes.turns import takes_turns
from pipeline.changes.worddiff import Piece, word_diff

__all__ = [
    "Piece",
    "apply_updates",
    "compare",
    "content_sha256",
    "decide_version",
    "fresh_notes",
    "is_now_corrected",
    "is_translated",
    "judge",
    "link_corrections",
    "normalise",
    "notes_that_differ",
    "says_otherwise",
    "split_sentences",
    "takes_turns",
    "telling",
    "with_kept_entries",
    "word_diff",
]
