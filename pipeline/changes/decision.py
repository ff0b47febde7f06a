"""Whether a page that was read is a new version, and of what sort."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace

from pipeline.changes.comparison import compare, telling
from pipeline.changes.headlines import says_otherwise
from pipeline.changes.links import telling_stems
from pipeline.changes.noise import essence, without_noise
from pipeline.changes.sentences import split_sentences
from pipeline.languages import language_code
from pipeline.model import (
    Comparison,
    Content,
    CutShort,
    NewVersion,
    OlderCopy,
    Payment,
    Preview,
    Unchanged,
    Version,
    VersionDecision,
    VersionKind,
)

#: Share of the shorter text that the longer one must still hold. Below, the page carries a new text, and its rows of
#: added and removed tell nothing. The shorter text is the measure, so that a two-line flash that grows into an article
#: is an update. Measured: two articles share up to 0.02, two halves of one article up to 0.2, the most heavily edited
#: pairs of real versions from 0.3 (`benchmarks/alignment.py`'s data).
REWRITTEN_BELOW = 0.2
#: The same where the language is another: names and figures alone link some sentences of a translation.
_TRANSLATED_BELOW = 0.5
#: Share of the words of the shorter headline that the other one must have for a new text to be the same article's.
_SAME_SUBJECT = 0.25
#: A text of fewer characters (some 30 words) is too little to call the next one a rewriting of it.
_TOO_SHORT_TO_TELL = 180
#: A text that lost fewer sentences at its end may have lost them to a journalist.
_CUT_SENTENCES = 6
#: A page that asks for payment shows at most this share of a text that it keeps back. Above, its end was cut, unless it
#: stops within a sentence.
_PREVIEW_UP_TO = 0.5
_CUT_OFF = " .…"
_ELLIPSIS = "..."
_WITHIN_SENTENCE = tuple(",;:-")


def content_sha256(headline: str, text: str) -> str:
    """Return the hash under which two contents are the same journalism: over the normalised headline and text.

    Stamps, relative times, counters and bylines on lines of their own do not enter; nor does where a paragraph ends.
    """
    content = f"{essence(headline)}\n{without_noise(text)}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def decide_version(
    previous: Version | None, content: Content, earlier_sha256: Collection[str], *, steady: bool = False
) -> VersionDecision:
    """Return whether the content makes a new version.

    `previous` is the newest version of the article, its headline and text read by the extractor that read `content`
    (its stored hash may be older and is not looked at). `earlier_sha256` are the hashes of the versions before it.

    Unchanged where headline and text are the same journalism. A content equal to an older version is REVERTED, but
    an OlderCopy where the page says that it was last changed before the newest version was. One that holds less
    than `REWRITTEN_BELOW` of the shorter text is REWRITTEN, as is a translation, its comparison complete all the
    same; with a headline on something else besides, it is another article at a reused address. What stands before a
    payment wall is a Preview, and so is the beginning of the text that stands where the page asks for payment or it
    breaks off within a sentence: as a version it would lose and regain its text. A page that was served in part is
    CutShort: its text is that of the version before up to the end of a sentence, half of it or less. `steady` tells
    that the page has been served so for a while: then it is what the publisher means, neither an OlderCopy nor
    CutShort. Of a live blog the text is compared as any other: entries that come in at the top shift the others and
    change none of them, and what ticks beside them (relative times, counters) is noise. A headline that has
    only another slug ("UPDATE 2-" for "UPDATE 1-") is kept as it stands, and not called changed.
    """
    if content.payment is Payment.WALL:
        return Preview()
    digest = content_sha256(content.headline, content.text)
    sentences = split_sentences(content.text, content.language)
    if previous is None:
        return NewVersion(
            kind=VersionKind.FIRST,
            number=1,
            content_sha256=digest,
            sentences=sentences,
            comparison=Comparison(updates=(), links=(), kept=0.0),
            headline_changed=False,
        )
    if digest == content_sha256(previous.headline, previous.text):
        return Unchanged()
    is_earlier = digest in earlier_sha256
    before = split_sentences(previous.text, previous.language or content.language)
    if (false := _false_copy(previous, content, (before, sentences), is_earlier=is_earlier, steady=steady)) is not None:
        return false
    comparison = compare(before, sentences)
    comparison = replace(comparison, updates=telling(comparison.updates))
    if not comparison.updates and essence(previous.headline) == essence(content.headline):
        return Unchanged()
    kind = VersionKind.REVERTED if is_earlier else _kind(previous, content, kept=comparison.kept)
    return NewVersion(
        kind=kind,
        number=previous.number + 1,
        content_sha256=digest,
        sentences=sentences,
        comparison=comparison,
        headline_changed=says_otherwise(previous.headline, content.headline),
        another_article=kind is VersionKind.REWRITTEN and _is_another_subject(previous.headline, content.headline),
    )


def _kind(previous: Version, content: Content, *, kept: float) -> VersionKind:
    """Return whether a text that was not there before is another one, or the one before with changes."""
    is_long = min(len(previous.text), len(content.text)) >= _TOO_SHORT_TO_TELL
    is_translated = kept < _TRANSLATED_BELOW and _is_another_language(previous.language, content.language)
    return VersionKind.REWRITTEN if is_translated or (is_long and kept < REWRITTEN_BELOW) else VersionKind.UPDATED


def _false_copy(
    previous: Version,
    content: Content,
    texts: tuple[Sequence[str], Sequence[str]],
    *,
    is_earlier: bool,
    steady: bool,
) -> OlderCopy | Preview | CutShort | None:
    """Return how a page is less than what its article says by now, given the sentences before and now, if it is."""
    before, now = texts
    if is_earlier and not steady and is_stamped_before(content, previous):
        return OlderCopy()
    asks, breaks_off = content.payment is Payment.ASKED, _breaks_off(now, before)
    if (asks or breaks_off) and _is_beginning(now, before, up_to=1 if asks and breaks_off else _PREVIEW_UP_TO):
        return Preview()
    is_meant = steady or is_earlier or is_stamped_before(previous, content)
    return CutShort() if not is_meant and _is_cut_short(now, before) else None


def is_translated(decision: NewVersion, content: Content, previous: Version) -> bool:
    """Whether a new version has another text because it is in another language."""
    return decision.kind is VersionKind.REWRITTEN and _is_another_language(previous.language, content.language)


def is_stamped_before(one: Content | Version, other: Content | Version) -> bool:
    """Whether one says that it was last changed before the other was."""
    return one.modified_at is not None and other.modified_at is not None and one.modified_at < other.modified_at


def _is_beginning(new: Sequence[str], old: Sequence[str], *, up_to: float = _PREVIEW_UP_TO) -> bool:
    """Whether a text is the first part of another, `up_to` a share of it, by sentence; the last may be cut off."""
    shown, whole = [essence(sentence) for sentence in new], [essence(sentence) for sentence in old]
    if not shown or sum(map(len, shown)) > up_to * sum(map(len, whole)) or len(shown) > len(whole):
        return False
    last = len(shown) - 1
    return shown[:last] == whole[:last] and whole[last].startswith(shown[last].rstrip(_CUT_OFF))


def _is_cut_short(new: Sequence[str], old: Sequence[str]) -> bool:
    """Whether a text ends early, after whole sentences of the other one."""
    if len(old) - len(new) < _CUT_SENTENCES or not _is_beginning(new, old):
        return False
    return essence(new[-1]) == essence(old[len(new) - 1])


def _breaks_off(new: Sequence[str], old: Sequence[str]) -> bool:
    """Whether a text ends within a sentence that went on: no journalist ends one so."""
    if not new or len(new) > len(old):
        return False
    end, whole = essence(new[-1]), essence(old[len(new) - 1])
    return end != whole and (end.endswith(_ELLIPSIS) or end[-1:].isalnum() or end[-1:] in _WITHIN_SENTENCE)


def _is_another_language(old: str | None, new: str | None) -> bool:
    return old is not None and new is not None and language_code(old) != language_code(new)


def _is_another_subject(old: str, new: str) -> bool:
    """Whether two headlines hardly share a word that says something; a headline of two such words tells nothing."""
    before, after = telling_stems(essence(old)), telling_stems(essence(new))
    shorter = min(len(before), len(after))
    return shorter > 2 and len(before & after) < _SAME_SUBJECT * shorter
