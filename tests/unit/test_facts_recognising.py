"""What a recogniser's names add to the facts of the rules: a speaker where there was none, and nothing else."""

import pytest

from pipeline.facts import extract_facts, speech_verbs, with_speakers
from pipeline.model import Name, NameKind

SENTENCES = ["Twelve people died, Ann tells us.", "Nine cars burned.", "The county said three people were hurt."]


def name(text: str, position: int, *, speaks: bool = True) -> Name:
    return Name(kind=NameKind.PERSON, text=text, position=position, speaks=speaks)


def sources(*names: Name) -> list[str | None]:
    facts = [fact for fact in extract_facts(SENTENCES, "en") if fact.position > 0 or fact.attribution is None]
    return [fact.attribution for fact in with_speakers(facts, names)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), [None, "The county"]),
        ((name("Bo Orr", 1),), ["Bo Orr", "The county"]),
        ((name("Bo Orr", 1), name("Bo Orr", 1)), ["Bo Orr", "The county"]),
        ((name("Bo Orr", 1, speaks=False),), [None, "The county"]),
        ((name("Bo Orr", 1), name("Cy Dow", 1)), [None, "The county"]),
        ((name("Bo Orr", 2),), [None, "The county"]),
    ],
    ids=["nobody", "one", "one twice", "silent", "two", "named by the rules"],
)
def test_only_one_who_speaks_alone_becomes_the_source(names, expected):
    assert sources(*names)[-2:] == expected


def test_the_verbs_of_speech_are_those_of_the_language():
    assert "said" in speech_verbs("en-GB")
    assert "sagte" in speech_verbs("de")
    assert speech_verbs("xx") == speech_verbs(None) == frozenset()
