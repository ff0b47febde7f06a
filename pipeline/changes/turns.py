"""Contents that are served in turn: two caches that disagree, two headlines that are tried on readers."""

from collections.abc import Sequence
from itertools import groupby

from pipeline.changes.decision import is_stamped_before
from pipeline.changes.noise import essence
from pipeline.model import Content, NewVersion, Version, VersionKind

#: So often must both contents have stood before the one that comes is taken for a turn: A, B, A, B and now A.
_TURNS = 2


def takes_turns(decision: NewVersion, content: Content, previous: Version, recorded: Sequence[tuple[str, str]]) -> bool:
    """Return whether a new version says only that two contents, or two headlines, go on taking turns.

    `previous` is the newest version, `recorded` the content hash and headline of every version so far, the oldest
    first. Two reversals are told, since each may be a journalist's; the third is one of a machine, but where the page
    is stamped anew. Where the text is as it was, headlines are looked at alone, whatever texts they stood above.
    """
    if is_stamped_before(previous, content):
        return False
    if not decision.comparison.updates:
        comes, stood = essence(content.headline), [essence(headline) for _, headline in recorded]
    elif decision.kind is VersionKind.REVERTED:
        comes, stood = decision.content_sha256, [sha256 for sha256, _ in recorded]
    else:
        return False
    turns = [one for one, _ in groupby(stood)]
    return bool(turns) and turns.count(comes) >= _TURNS and turns.count(turns[-1]) >= _TURNS
