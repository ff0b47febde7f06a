"""50,000 sentences as people wrote them: nothing breaks, and every fact is sound."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import pytest

from pipeline.changes import split_sentences
from pipeline.facts import extract_facts

MOST = 50_000
_TAG = re.compile(r"<[^>]+>")


def opened(path: Path) -> TextIO:
    """Open a text file, compressed or not."""
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def sentences(data_dir: Path) -> Iterator[str]:
    """Yield real sentences: current events, fire reports with their markup, and headlines."""
    with gzip.open(data_dir / "wikipedia-current-events" / "day_versions.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for bullet in json.loads(line)["versions"][-1]["bullets"]:
                yield from split_sentences(bullet["text"], "en")
    with gzip.open(data_dir / "calfire-incidents" / "incident_versions.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for version in json.loads(line)["versions"]:
                yield from split_sentences(_TAG.sub(" ", version["f"].get("ConditionStatement") or ""), "en")
    for folder in ("bbc-homepage-headlines", "og2021-titles"):
        for path in sorted((data_dir / folder).iterdir()):
            if path.suffix in (".tsv", ".json", ".jsonl", ".csv", ".gz"):
                with opened(path) as lines:
                    for line in lines:
                        yield from (piece for piece in re.split(r'[\t"]', line) if len(piece) > 25 and " " in piece)


def different(sentences: Iterable[str]) -> Iterator[str]:
    """Yield each sentence once, reading no further than is asked for."""
    seen: set[str] = set()
    for sentence in sentences:
        if sentence not in seen:
            seen.add(sentence)
            yield sentence


@pytest.mark.parametrize(("language", "most"), [("en", MOST), ("de", 5_000), ("es", 5_000)])
def test_no_real_sentence_breaks_the_grammar(data_dir: Path, language: str, most: int) -> None:
    if not (data_dir / "calfire-incidents").is_dir():
        pytest.skip(f"no calfire-incidents in {data_dir}")
    read = facts = 0
    for sentence in islice(different(sentences(data_dir)), most):
        found = extract_facts([sentence], language)
        for fact in found:
            assert 0 <= fact.start < fact.end <= len(sentence), sentence
            assert fact.low is None or fact.high is None or fact.low <= fact.high, sentence
            assert all(place is None or 0 <= place < len(found) for place in (fact.parent, fact.converts)), sentence
        facts += len(found)
        read += 1
    assert read == most
    assert facts > most // 50
