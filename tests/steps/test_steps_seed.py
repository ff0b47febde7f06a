"""The article that the project was begun for: followed by its address, stored sentence for sentence, facts found."""

from decimal import Decimal
from html import escape

import pytest

from pipeline import changes, steps


@pytest.fixture
def seed(data_dir) -> list[str]:
    source = data_dir / "seed" / "mosul-developing-story.txt"
    if not source.is_file():
        pytest.skip(f"no seed at {source}")
    return [line.strip() for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_the_seed_is_developing_and_stored_sentence_for_sentence_with_its_facts(desk, site, seed):
    text = "\n".join(f"<p>{escape(line)}</p>" for line in seed)
    site.put(
        "/2016/11/03/mosul/index.html",
        "<!DOCTYPE html><html lang='en'><head><title>Iraqi forces enter Mosul - Seed</title></head>"
        "<body><header><nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/live'>Live TV</a></nav></header>"
        f"<main><article><h1>Iraqi forces enter Mosul</h1>{text}</article></main>"
        "<footer><p>All rights reserved.</p></footer></body></html>",
    )
    steps.follow_urls(desk.url, [site.url("/2016/11/03/mosul/index.html")])
    summary = steps.run_round(desk.url, desk.settings)
    assert summary.record.versions == 1

    version = desk.one("select * from news.versions")
    assert version["is_developing"]
    assert desk.one("select status from news.articles") == {"status": "following"}
    assert "developing" in desk.column("select kind from news.events")
    stored = changes.split_sentences(version["text"], version["language"])
    expected = changes.split_sentences("\n".join(seed), "en")
    assert list(stored) == list(expected)

    facts = desk.rows("select * from news.latest_facts")
    forces = [fact for fact in facts if fact["low"] == fact["high"] == Decimal(100000) and "forces" in fact["subject"]]
    assert [fact["qualifier"].lower() for fact in forces] == ["around"]
    members = [fact for fact in facts if fact["low"] == fact["high"] == Decimal(5000)]
    assert len(members) == 1
    assert "isis members" in members[0]["subject"].lower()
    assert "estimated" in members[0]["qualifier"]
