"""The words of a language, read once from its folder of TOML files.

A language is a folder under `lexicons/` (its name is the ISO 639-1 code); the files of `lexicons/en/` explain
themselves and are the pattern for another one. Nothing outside these files names a word of any language.
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.facts.lexicon_values import Bound, Bracket, Unit, Vague
from pipeline.facts.phrases import Phrases, phrase_set
from pipeline.facts.tokens import lowers
from pipeline.model import FactKind

_MODAL_PHRASES = (
    "hypothetical",
    "background",
    "formerly",
    "not_background",
    "not_negated",
    "correction",
    "comparisons",
)
_CLAUSE_SIGNS = "!?;.,—–("
_FOLDER = files("pipeline.facts").joinpath("lexicons")
_FILES = (
    "numbers",
    "qualifiers",
    "units",
    "currencies",
    "casualties",
    "nouns",
    "context",
    "modality",
    "reporting",
    "grammar",
)

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All a language's tables. See the files for what each one means."""

    decimal: str
    group: str
    cardinals: dict[str, Decimal]
    scales: dict[str, Decimal]
    narrow_scales: dict[str, Decimal]
    set_numbers: Phrases[Vague]
    articles: dict[str, int]
    ordinals: dict[str, Decimal]
    ordinal_endings: Words
    joints: dict[str, Words]
    and_a_half: Phrases[str]
    nobody: Phrases[str]
    nothing: Phrases[str]
    before: Phrases[Bound]
    after: Phrases[Bound]
    never_after: Words  #: what, right behind a phrase of `after`, makes it none
    hedges: dict[Bound, str]  #: the plainest word before a number for each bound
    approximate: Words
    dropped: Words
    dropped_before: Words
    units: Phrases[Unit]
    unit_words: Words
    magnitudes: dict[str, str]  #: the unit that each word beside a magnitude means
    signs: dict[str, str]
    money_words: Phrases[str]
    scaled_money_words: Phrases[str]
    active: Phrases[FactKind]
    passive: Phrases[FactKind]
    did: Phrases[FactKind]
    brackets: dict[str, tuple[Bracket, ...]]  #: verbs in two parts, by the first
    deeds: Phrases[FactKind]
    counted: dict[str, FactKind]
    toll: Phrases[FactKind]
    total_of: dict[str, FactKind]
    groups: Phrases[FactKind]
    between: Words
    shy_verbs: Words
    agent_endings: tuple[str, ...]
    fugitives: Words
    severity: Phrases[FactKind]
    rise: Words
    beyond: Words
    totals: Phrases[str]
    people: Words
    things: Words
    places: Words
    never_counted: Words
    also_adjectives: Words
    irregular_plurals: Words
    not_plural: Words
    singulars: dict[str, str]
    generic: Words
    attributive: Words
    sports: Words
    context: dict[str, Words]
    age_before: Phrases[str]
    age_after: Phrases[str]
    duration_words: dict[str, Words]
    duration_next: Phrases[str]
    duration_previous: Phrases[str]
    duration_spread: Phrases[str]
    hypothetical: Phrases[str]
    modality: dict[str, Words]
    not_negated: Phrases[str]
    background: Phrases[str]
    formerly: Phrases[str]
    correction: Phrases[str]
    comparisons: Phrases[str]
    cue_starts: Words
    clause_signs: Words  #: all other words and signs that `modality.Clauses` stops at
    not_background: Phrases[str]
    reporting: dict[str, Words]
    by_phrase: Phrases[str]
    source_starts: Words
    speakers: Words
    grammar: dict[str, Words]
    including: Phrases[str]
    of: Phrases[str]
    of_them: Phrases[str]
    capitalised_nouns: bool
    adjectives_behind: bool
    ordinal_dot: bool
    possessives: tuple[str, ...]
    plural_endings: tuple[str, ...]
    not_plural_endings: tuple[str, ...]
    verb_endings: tuple[str, ...]
    participle_endings: tuple[str, ...]
    adverb_endings: tuple[str, ...]
    singular_endings: tuple[tuple[str, str], ...]
    somebody: str
    quake: str
    stops: Words
    casualty_words: Words
    harm_cues: Words
    number_starts: Words
    number_words: Words
    not_people: Words
    known_nouns: Words


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a folder."""
    return tuple(sorted(entry.name for entry in _FOLDER.iterdir() if entry.is_dir() and not entry.name.startswith("_")))


@cache
def all_lexicons() -> tuple[Lexicon, ...]:
    """Return the lexicons of all languages, for what is told of facts whose language is no longer known."""
    return tuple(_load(code) for code in languages())


def lexicon_for(language: str | None) -> Lexicon | None:
    """Return the lexicon of a language tag ("en", "en-GB"), or none where the language has no folder."""
    if not language:
        return None
    code = language.replace("_", "-").split("-")[0].lower()
    return _load(code) if code in languages() else None


@cache
def _load(code: str) -> Lexicon:
    """Read the folder of a language that is known to exist."""
    return _build({name: tomllib.loads(_FOLDER.joinpath(code, f"{name}.toml").read_text("utf-8")) for name in _FILES})


def _build(raw: dict[str, dict[str, Any]]) -> Lexicon:
    numbers, qualifiers, nouns, context = raw["numbers"], raw["qualifiers"], raw["nouns"], raw["context"]
    modality, reporting, grammar, casualties = raw["modality"], raw["reporting"], raw["grammar"], raw["casualties"]
    kinds = {name: FactKind(name) for name in casualties if name not in ("between", "shy")}
    duration = context["duration"]
    set_numbers = _set_numbers(numbers)
    return Lexicon(
        decimal=numbers["decimal"],
        group=numbers["group"],
        cardinals={word: Decimal(value) for word, value in numbers["cardinals"].items()},
        scales={word: Decimal(value) for word, value in numbers["scales"].items()},
        narrow_scales={word: Decimal(value) for word, value in numbers["narrow_scales"].items()},
        set_numbers=set_numbers,
        articles=dict(numbers["articles"]),
        ordinals={word: Decimal(value) for word, value in numbers["ordinals"].items()},
        ordinal_endings=frozenset(numbers["ordinal_endings"]),
        joints=_word_sets(numbers["joints"], but=("and_a_half", "nobody", "nothing")),
        and_a_half=phrase_set(numbers["joints"]["and_a_half"]),
        nobody=phrase_set(numbers["joints"]["nobody"]),
        nothing=phrase_set(numbers["joints"]["nothing"]),
        before=Phrases({phrase: Bound(bound) for bound, table in qualifiers["before"].items() for phrase in table}),
        after=Phrases(
            {
                phrase: Bound(bound)
                for bound, table in qualifiers["after"].items()
                if bound != "never_before"
                for phrase in table
            }
        ),
        never_after=frozenset(qualifiers["after"]["never_before"]),
        hedges={Bound(bound): table[0] for bound, table in qualifiers["before"].items()},
        approximate=frozenset(_drop_articles(qualifiers) | frozenset(qualifiers["after"]["about"])),
        dropped=frozenset(qualifiers["drop"]["words"]),
        dropped_before=frozenset(qualifiers["drop"]["before"]),
        units=_units(raw["units"]),
        unit_words=_single_words(
            form.lower() for table in raw["units"].values() for unit in table.values() for form in unit["forms"]
        ),
        magnitudes={form: name for name, unit in raw["units"]["magnitude"].items() for form in unit["forms"]},
        signs={sign.lower(): iso for iso, table in raw["currencies"].items() for sign in table["signs"]},
        money_words=Phrases({word: iso for iso, table in raw["currencies"].items() for word in table["words"]}),
        scaled_money_words=Phrases(
            {word: iso for iso, table in raw["currencies"].items() for word in table.get("scaled_words", ())}
        ),
        active=_by_kind(casualties, kinds, "active"),
        passive=_by_kind(casualties, kinds, "passive"),
        did=_by_kind(casualties, kinds, "did"),
        brackets=_brackets(casualties, kinds),
        deeds=_by_kind(casualties, kinds, "deeds"),
        counted={word: kind for name, kind in kinds.items() for word in casualties[name]["counted"]},
        toll=_by_kind(casualties, kinds, "toll"),
        total_of={word: kind for name, kind in kinds.items() for word in casualties[name]["total_of"]},
        groups=Phrases({phrase: kind for name, kind in kinds.items() for phrase in casualties[name].get("group", ())}),
        between=frozenset(casualties["between"]["words"]),
        shy_verbs=frozenset(casualties["shy"]["verbs"]),
        agent_endings=tuple(casualties["shy"]["agent_endings"]),
        fugitives=frozenset(casualties["shy"]["fugitives"]),
        severity=Phrases(
            dict.fromkeys(casualties["between"]["severity"], FactKind.INJURED)
            | dict.fromkeys(casualties["between"]["fatal"], FactKind.KILLED)
        ),
        rise=frozenset(casualties["between"]["rise"]) | frozenset(casualties["between"]["beyond"]),
        beyond=frozenset(casualties["between"]["beyond"]),
        totals=phrase_set(casualties["between"]["totals"]),
        people=frozenset(nouns["people"]),
        things=frozenset(nouns["things"]),
        places=frozenset(nouns["places"]),
        never_counted=frozenset(nouns["never_counted"]),
        also_adjectives=frozenset(nouns["also_adjectives"]),
        irregular_plurals=frozenset(nouns["irregular_plurals"]),
        not_plural=frozenset(nouns["not_plural"])
        | (frozenset(nouns["irregular_singulars"].values()) - frozenset(nouns["irregular_singulars"])),
        singulars=dict(nouns["irregular_singulars"]),
        generic=frozenset(nouns["generic"]),
        attributive=frozenset(nouns["attributive"]),
        sports=frozenset(nouns["sports"]),
        context=_word_sets(context, but=("age_before", "age_after")),
        age_before=phrase_set(context["age_before"]),
        age_after=phrase_set(context["age_after"]),
        duration_words=_word_sets(duration, but=("made_by_next", "made_by_previous", "spread")),
        duration_next=phrase_set(duration["made_by_next"]),
        duration_previous=phrase_set(duration["made_by_previous"]),
        duration_spread=phrase_set(duration["spread"]),
        hypothetical=phrase_set(modality["hypothetical"]),
        modality=_word_sets(modality, but=_MODAL_PHRASES),
        not_negated=phrase_set(modality["not_negated"]),
        background=phrase_set(modality["background"]),
        correction=phrase_set(modality["correction"]),
        formerly=phrase_set(modality["formerly"]),
        comparisons=phrase_set(modality["comparisons"]),
        cue_starts=frozenset(
            lowers(phrase)[0]
            for table in ("hypothetical", "background", "correction", "comparisons", "compared_from", "formerly")
            for phrase in modality[table]
        ),
        clause_signs=frozenset(_CLAUSE_SIGNS).union(
            *(modality[name] for name in ("clause_breaks", "comma_breaks", "asides", "reason", "negated")),
            numbers["joints"]["and"],
        ),
        not_background=phrase_set(modality["not_background"]),
        reporting=_word_sets(reporting, but=("by_phrase",)),
        by_phrase=phrase_set(reporting["by_phrase"]),
        source_starts=frozenset(
            lowers(phrase)[0] for table in ("by_phrase", "verbs", "putting") for phrase in reporting[table]
        ),
        speakers=frozenset(nouns["people"]) | frozenset(reporting["roles"]) | frozenset(reporting["bodies"]),
        grammar=_word_sets(
            grammar,
            but=("including", "of_them", "possessives", *(name for name in grammar if "_endings" in name)),
        ),
        including=phrase_set(grammar["including"]),
        of=phrase_set(grammar["of"]),
        of_them=phrase_set(grammar["of_them"]),
        capitalised_nouns=grammar["capitalised_nouns"],
        adjectives_behind=grammar["adjectives_behind"],
        ordinal_dot=numbers["ordinal_dot"],
        possessives=tuple(grammar["possessives"]),
        plural_endings=tuple(grammar["plural_endings"]),
        not_plural_endings=tuple(grammar["not_plural_endings"]),
        verb_endings=tuple(grammar["verb_endings"]),
        participle_endings=tuple(grammar["participle_endings"]),
        adverb_endings=tuple(grammar["adverb_endings"]),
        singular_endings=tuple(
            (plural, ending) for plural, _, ending in (rule.partition(">") for rule in grammar["singular_endings"])
        ),
        somebody=nouns["somebody"],
        quake=nouns["quake"],
        stops=frozenset(
            word
            for name in ("prepositions", "conjunctions", "determiners", "pronouns", "auxiliaries", "adverbs")
            for word in grammar[name]
        ),
        known_nouns=frozenset(nouns["people"]) | frozenset(nouns["things"]),
        not_people=frozenset(nouns["things"]) | frozenset(nouns["animals"]) | frozenset(nouns["never_counted"]),
        number_starts=_number_starts(numbers, raw["currencies"]),
        number_words=_longest_words(
            phrase
            for table in (
                *(numbers[name] for name in ("cardinals", "exact", "vague", "fractions")),
                *(numbers["joints"][name] for name in ("nothing", "nobody")),
            )
            for phrase in table
        ),
        harm_cues=_longest_words(
            phrase
            for name in kinds
            for table in ("active", "passive", "did", "deeds", "brackets")
            for phrase in casualties[name].get(table, ())
        ),
        casualty_words=_single_words(
            phrase for name in kinds for table in ("active", "passive", "did") for phrase in casualties[name][table]
        ),
    )


def _longest_words(phrases: Iterable[str]) -> Words:
    """Return one word of each phrase, without which it does not stand in a sentence: "hälfte" of "die hälfte"."""
    return frozenset(max(lowers(phrase), key=len) for phrase in phrases)


def _drop_articles(qualifiers: dict[str, Any]) -> Words:
    """Return the approximating qualifiers, also as they are quoted, without the article before them."""
    phrases = frozenset(qualifiers["before"]["about"])
    articles = frozenset(qualifiers["drop"]["words"])
    return phrases | {phrase.partition(" ")[2] for phrase in phrases if phrase.partition(" ")[0] in articles}


def _single_words(phrases: Iterable[str]) -> Words:
    return frozenset(phrase for phrase in phrases if lowers(phrase) == (phrase,))


def _word_sets(table: dict[str, Any], *, but: Collection[str]) -> dict[str, Words]:
    """Return the lists whose words are looked up one by one, `but` those that hold phrases or endings."""
    return {name: frozenset(words) for name, words in table.items() if isinstance(words, list) and name not in but}


def _by_kind(casualties: dict[str, Any], kinds: dict[str, FactKind], column: str) -> Phrases[FactKind]:
    return Phrases({phrase: kind for name, kind in kinds.items() for phrase in casualties[name][column]})


def _brackets(casualties: dict[str, Any], kinds: dict[str, FactKind]) -> dict[str, tuple[Bracket, ...]]:
    table: dict[str, tuple[Bracket, ...]] = {}
    for name, kind in kinds.items():
        for phrase in casualties[name].get("brackets", ()):
            verb, *closing = lowers(phrase)
            bracket = Bracket(kind, tuple(closing), phrase in casualties[name]["did"])
            table[verb] = (*table.get(verb, ()), bracket)
    return table


def _set_numbers(numbers: dict[str, Any]) -> Phrases[Vague]:
    weak = frozenset(numbers["weak"]["words"])
    table = {
        phrase: Vague(Decimal(value), None, is_vague=True, weak=phrase in weak)
        for phrase, value in numbers["vague"].items()
    }
    table |= {
        phrase: Vague(Decimal(value), Decimal(value), is_vague=False) for phrase, value in numbers["exact"].items()
    }
    for phrase, value in numbers["fractions"].items():
        share = Vague(Decimal(value), Decimal(value), is_vague=False, is_share=True)
        table[phrase] = share
        table[phrase.replace(" ", "-")] = share
    return Phrases(table)


def _number_starts(numbers: dict[str, Any], currencies: dict[str, Any]) -> Words:
    """Return the words and signs with which a number expression may start."""
    phrases = [*numbers["exact"], *numbers["vague"], *numbers["fractions"]]
    phrases += [*numbers["joints"]["nobody"], *numbers["joints"]["nothing"]]
    phrases += [sign for table in currencies.values() for sign in table["signs"]]
    words = frozenset(lowers(phrase)[0] for phrase in phrases)
    return words | frozenset(numbers["cardinals"]) | frozenset(numbers["articles"])


def _units(raw: dict[str, Any]) -> Phrases[Unit]:
    table: dict[str, Unit] = {}
    for kind, units in raw.items():
        for name, unit in units.items() if kind != "magnitude" else ():
            value = Unit(FactKind(kind), name, unit.get("size", 0))
            table |= {form.lower(): value for form in unit["forms"]}
    return Phrases(table)
