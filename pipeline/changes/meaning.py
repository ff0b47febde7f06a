"""What an update touches: a fact, a quotation or its speaker, a correction, or wording only."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from pipeline.changes.kanji import numbers_in_kanji, pattern_of
from pipeline.changes.normal import normalise
from pipeline.changes.sentences import split_sentences
from pipeline.languages import language_code
from pipeline.model import Significance, TouchedSentences, Update, UpdateKind

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_GROUPS_BY_SPACE = re.compile(r"(?<![\d.,:])\d{1,3}(?: \d{3})+(?!\d)")
_GROUPS_BY_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPS_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_MILLIONS_OF_MONEY = re.compile(r"[$€£¥]\d[\d.,]* ?m\b")  #: "$3m"; "3m" may be metres
_MILLION = "1000000"
_LIST_MARK = re.compile(r"\(?\d{1,2}[.)] ")  #: "1. Who can vote?": where it stands in a list says nothing
#: The day in "MARLOW, Nov. 27 (AP) - ", which each version has anew.
_DATELINE = re.compile(r"^(?P<place>[^a-z]{3,60}?), [A-Z][a-z]{2,8}\.? \d{1,2} (?=\([^)]{2,30}\))")
# After `normalise` every quotation mark but the Japanese ones is '"'. A quotation may run on past its sentence.
_QUOTATION = re.compile(r'"([^"]*)(?:"|$)|「([^」]*)(?:」|$)|『([^』]*)(?:』|$)')
# British papers quote in single marks, which open behind a space and close before no word; neither does "won't", nor
# "the '90s". A quotation of several sentences opens in one and closes in another.
_SINGLE_QUOTED = re.compile(r"(?:^|(?<=[\s(\[-]))'(?=[^\s'\d])((?:[^']|(?<=\w)'(?=\w))*)(?<=\S)'(?!\w)")
_OPENED, _CLOSED = re.compile(r"^'(?=[A-ZÀ-Þ][^']*$)"), re.compile(r"(?<=[.,!?])'$")
_NOT_IN_A_QUOTATION = re.compile(r"[^\w]+")
_NAME = r"(?:[^\W\d_][\w.'\-]*|of|the|for|and|de|al-[\w'\-]+)"
#: A shorter sentence is not recognised as a part of a correction note by its text alone.
_NOTE_WORDS = 4
#: The language whose words are looked for where a text's own has no list.
_OTHERWISE = "en"


@dataclass(frozen=True, slots=True)
class _Lexicon:
    corrections: re.Pattern[str]
    speakers: dict[str, tuple[re.Pattern[str], re.Pattern[str]]]
    numbers: dict[str, dict[str, str]]
    decimal_comma: frozenset[str]
    kanji: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Note:
    """A correction note in the form in which sentences are compared with it."""

    text: str
    sentences: frozenset[str]

    @classmethod
    def of(cls, note: str, language: str | None) -> "_Note":
        sentences = frozenset(normalise(sentence).lower() for sentence in split_sentences(note, language))
        return cls(normalise(note).lower(), sentences)


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    raw = tomllib.loads(files("pipeline.changes").joinpath("meaning.toml").read_text("utf-8"))
    # A single word is a label only where it stands as one: "Correction:", never "Corrections officers".
    labels = "|".join(
        re.escape(label) + (r"(?![^\W\d_])" if " " in label else r"(?:\s*[:.\-()（）】]|\s*$)")
        for label in sorted(raw["correction_labels"], key=len, reverse=True)
    )
    return _Lexicon(
        corrections=re.compile(rf"\W*(?:{labels})", re.IGNORECASE),
        speakers={
            code: _WRITTEN_OTHERWISE.get(code, _speaker_patterns)(verbs) for code, verbs in raw["speech_verbs"].items()
        },
        numbers={
            code: {word: str(value) for word, value in words.items()} for code, words in raw["number_words"].items()
        },
        decimal_comma=frozenset(raw["decimal_comma"]),
        kanji=pattern_of(raw["kanji_counters"], raw["kanji_words"]),
    )


def _speaker_patterns(verbs: Sequence[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a speaker before a verb of speech, and behind one."""
    either = "|".join(sorted(verbs, key=len, reverse=True))
    return (
        re.compile(rf"((?:{_NAME} ){{1,6}})(?:{either})\b"),
        re.compile(rf'[",] (?:{either}) ((?:{_NAME}[ ,.]?){{1,4}})'),
    )


def _japanese_speakers(verbs: Sequence[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a speaker before a quotation ("Holm said: …") and behind one ("…, said Holm")."""
    either = "|".join(sorted(verbs, key=len, reverse=True))
    name = r"([^、。,「」『』\s]{1,30}?)(?:さん)?[はがも]"
    return (
        re.compile(rf"{name}[^。「」『』]{{0,30}}[「『][^」』]*[」』](?:など)?と[^。「」『』]{{0,12}}?(?:{either})"),
        re.compile(rf"[」』](?:など)?と、?{name}[^。「」『』]{{0,12}}?(?:{either})"),
    )


def _arabic_speakers(verbs: Sequence[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a speaker behind a verb; before one it stands only in a headline, behind its colon."""
    either = "|".join(sorted(verbs, key=len, reverse=True))
    return (
        re.compile(r"^([^:\"،.]{3,40}): ?\""),
        re.compile(rf"(?<!\w)[وف]?(?:{either}) ([^:\"،,.؛]{{2,60}}?)(?= ?[:\"،,.؛]| [إأ]ن|$)"),
    )


_WRITTEN_OTHERWISE = {"ja": _japanese_speakers, "ar": _arabic_speakers}


def judge(
    updates: Sequence[Update],
    *,
    touched: TouchedSentences,
    corrections: Sequence[str],
    language: str | None = None,
) -> tuple[Update, ...]:
    """Return the updates with their significance.

    `language` is a tag such as `en` or `pt-BR`, that of the new version; it says how numbers are written.

    `touched` are the sentences whose facts or quotations changed; `corrections` are the correction notes that came with
    the new version and those that went.
    In this order: a sentence that is a correction note, or part of one, is `correction`; one that touches a changed
    fact, or in which a number changed, is `fact`; one in which a quotation came, went or changed, or the speaker of a
    statement changed, is `quote`; all else is `wording`. A correction stands first because nearly every note names a
    figure. The rows of one split or merge are judged together.
    """
    notes = [_Note.of(note, language) for note in corrections]
    judged: list[Update] = []
    groups: dict[tuple[str, int | None], list[Update]] = defaultdict(list)
    for update in updates:
        groups[_group(update)].append(update)
    meanings: dict[tuple[str, int | None], Significance] = {}
    for update in updates:
        group = _group(update)
        if group not in meanings or update.kind not in (UpdateKind.SPLIT, UpdateKind.MERGED):
            meanings[group] = _meaning(groups[group], touched=touched, notes=notes, language=language)
        judged.append(replace(update, significance=meanings[group]))
    return tuple(judged)


def _group(update: Update) -> tuple[str, int | None]:
    """Return what the rows of one split, or of one merge, share; any other row stands alone."""
    if update.kind is UpdateKind.SPLIT:
        return "split", update.old_position
    if update.kind is UpdateKind.MERGED:
        return "merged", update.new_position
    if update.new_position is None:
        return "old", update.old_position
    return "new", update.new_position


def _meaning(
    rows: Sequence[Update], *, touched: TouchedSentences, notes: Sequence[_Note], language: str | None
) -> Significance:
    fact_changed = any(row.old_position in touched.old_facts or row.new_position in touched.new_facts for row in rows)
    quote_changed = any(
        row.old_position in touched.old_quotes or row.new_position in touched.new_quotes for row in rows
    )
    # Keyed by position, so that the whole of a split or merge counts once.
    before = " ".join({row.old_position: _plain(row.old_text) for row in rows if row.old_text is not None}.values())
    after = " ".join({row.new_position: _plain(row.new_text) for row in rows if row.new_text is not None}.values())
    if before == after and not fact_changed and not quote_changed:  # moved as it was
        return Significance.WORDING
    if _is_correction(before, notes) or _is_correction(after, notes):
        return Significance.CORRECTION
    if fact_changed or (before and after and numbers_in(before, language) != numbers_in(after, language)):
        return Significance.FACT
    if quote_changed or _quotations(before) != _quotations(after):
        return Significance.QUOTE
    if before and after and _speakers(before, language) != _speakers(after, language):
        return Significance.QUOTE
    return Significance.WORDING


def _plain(text: str) -> str:
    normal = normalise(text)
    mark = _LIST_MARK.match(normal)
    return normal[mark.end() :] if mark else _DATELINE.sub(r"\g<place> ", normal, count=1)


def _is_correction(normal: str, notes: Sequence[_Note]) -> bool:
    if not normal:
        return False
    if begins_note(normal):
        return True
    lower = normal.lower()
    if any(lower in note.sentences for note in notes):
        return True
    if len(lower.split()) < _NOTE_WORDS:
        return False
    return any(lower in note.text or (note.text and note.text in lower) for note in notes)


def numbers_in(normal: str, language: str | None = None) -> Counter[str]:
    """Return the numbers of a normalised sentence by value: "1,500" is "1500", "twelve" is "12".

    So are "zwölf" in German and "十二人". In a language with a decimal comma "1.500" and "1 500" are "1500"; "1,500" is
    not.
    """
    lexicon = _lexicon()
    code = language_code(language) or _OTHERWISE
    comma = code in lexicon.decimal_comma
    groups, mark = (_GROUPS_BY_POINT, ".") if comma else (_GROUPS_BY_COMMA, ",")
    # Elsewhere two numbers may stand side by side ("on March 12 200 people").
    joined = _GROUPS_BY_SPACE.sub(lambda match: match[0].replace(" ", ""), normal) if comma else normal
    found = [match.replace(mark, "") if groups.fullmatch(match) else match for match in _NUMBER.findall(joined)]
    words = lexicon.numbers.get(code, lexicon.numbers[_OTHERWISE])
    lower = normal.lower()
    found += [words[word] for word in _WORD.findall(lower) if word in words]
    found += [_MILLION] * len(_MILLIONS_OF_MONEY.findall(lower))
    found += map(str, numbers_in_kanji(normal, lexicon.kanji))
    return Counter(found)


def begins_note(normal: str) -> bool:
    """Whether a normalised sentence begins as a correction or editor's note does."""
    return _lexicon().corrections.match(normal) is not None


@lru_cache(maxsize=1)
def number_words() -> frozenset[str]:
    """Return the words that are numbers in one of the languages, in lower case."""
    return frozenset().union(*_lexicon().numbers.values())


def _quotations(normal: str) -> list[str]:
    """Return what is quoted in a normalised sentence, without its punctuation."""
    if "'" in normal and '"' not in normal:
        normal = _CLOSED.sub('"', _OPENED.sub('"', _SINGLE_QUOTED.sub(r'"\1"', normal)))
    spans = (next(part for part in (*match.groups(), "") if part is not None) for match in _QUOTATION.finditer(normal))
    words = (_NOT_IN_A_QUOTATION.sub(" ", span).strip().lower() for span in spans)
    return [quoted for quoted in words if quoted]


def _speakers(normal: str, language: str | None) -> Counter[str]:
    """Return who speaks in a sentence, as the words beside its verbs of speech; nobody where there is none."""
    patterns = _lexicon().speakers
    before_verb, after_verb = patterns.get(language_code(language) or _OTHERWISE, patterns[_OTHERWISE])
    named = [*before_verb.findall(normal), *after_verb.findall(normal)]
    return Counter(name.strip(" ,.").lower().removeprefix("the ") for name in named)
