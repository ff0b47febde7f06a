"""`news.search` and the newest versions with a word, in a record of many texts."""

import pytest

from pipeline.store.connections import Connection

VERSIONS = 3000
LOOKED_AT = 300  #: versions of a common word, as `news.search` has it

# Each version is an article's only one. All tell of the river, the first 400 of a dam besides, every thousandth of a
# weir. The oldest says nothing but "river", so it would be the best answer to that.
FILLED = f"""
with one as (
  insert into news.stories (headline, status, started_at, last_changed_at, url)
  values ('Flood', 'developing', now(), now(), 'https://one.invalid/') returning story_id
),
told as (
  insert into news.articles (story_id, publisher, url, fetch_url, host, first_seen_at)
  select story_id, 'Paper ' || n, 'https://one.invalid/' || n, 'https://one.invalid/' || n, 'one.invalid', now()
  from one, generate_series(1, {VERSIONS}) n
  returning article_id, story_id, substr(publisher, 7)::integer as n
)
insert into news.versions (version_id, article_id, story_id, number, kind, observed_at, headline, text, language, words,
                           is_developing, extractor, content_sha256, capture_id, captured_at)
overriding system value
select n, article_id, story_id, 1, 'first', now() + n * interval '1 second',
       case n when 1 then 'River river' else 'Report ' || n end,
       case n when 1 then 'River river river.' else 'The level of the river was read again and noted down.' end
         || case when n <= 400 then ' The dam held.' else '' end
         || case when n % 1000 = 0 then ' A weir broke.' else '' end,
       'en', 9, true, 'test', md5(n::text), n, now()
from told
"""


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """A record of many versions."""
    connection.execute(FILLED)
    connection.execute("analyze news.versions")
    return connection


def newest(connection: Connection, words: str, most: int) -> list[int]:
    rows = connection.execute("select news.newest_versions_with(news.asked_words(%s), %s) as v", [words, most])
    return [row["v"] for row in rows]


@pytest.mark.parametrize(
    ("words", "having"),
    [
        ("river", range(1, VERSIONS + 1)),
        ("rivers", range(1, VERSIONS + 1)),
        ("dam", range(1, 401)),
        ("dam -weir", range(1, 401)),
        ("weirs -rivers", []),
        ("river -dams -weirs", [n for n in range(401, VERSIONS + 1) if n % 1000]),
        ('river -"the dams held"', range(401, VERSIONS + 1)),
        ('"dam held"', range(1, 401)),
        ("weir", range(1000, VERSIONS + 1, 1000)),
        ("dam or weir", [*range(1, 401), *range(1000, VERSIONS + 1, 1000)]),
        ('"held dam"', []),
        ("zyzzyva", []),
        ("the", []),
        ("", []),
    ],
)
def test_the_newest_versions_that_have_the_words_are_found_wherever_they_lie(
    filled: Connection, words: str, having: list[int]
) -> None:
    for most in (1, 3, 250, LOOKED_AT, VERSIONS):
        assert newest(filled, words, most) == sorted(having, reverse=True)[:most]


def found(connection: Connection, words: str, most: int) -> list[int]:
    rows = connection.execute("select article_id from news.search(%s, %s)", [words, most]).fetchall()
    first = connection.execute("select min(article_id) as first from news.articles").fetchone()
    return [row["article_id"] - (first["first"] if first else 0) + 1 for row in rows]


def test_of_a_common_word_only_the_newest_versions_are_ranked(filled: Connection) -> None:
    looked_at = found(filled, "river", LOOKED_AT)
    assert sorted(looked_at) == list(range(VERSIONS - LOOKED_AT + 1, VERSIONS + 1))
    assert set(found(filled, "river", 20)) <= set(looked_at)


def test_of_a_word_that_few_versions_have_all_are_ranked_the_best_first(filled: Connection) -> None:
    assert sorted(found(filled, "weir", 20)) == list(range(1000, VERSIONS + 1, 1000))
    filled.execute("delete from news.versions where version_id > %s", [LOOKED_AT])
    assert found(filled, "river", 20)[0] == 1


def test_more_are_looked_at_where_more_are_asked_for(filled: Connection) -> None:
    assert len(found(filled, "river", LOOKED_AT + 50)) == LOOKED_AT + 50


@pytest.mark.parametrize("words", ["earthquake", "the", "-the", ""])
def test_a_search_says_nothing_beside_its_answer(filled: Connection, words: str) -> None:
    said: list[str] = []
    filled.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
    filled.execute("select * from news.search(%s, 1)", [words])
    assert said == []
