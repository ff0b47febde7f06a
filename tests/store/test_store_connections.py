"""What a connection brings to an address, and what of an address stays."""

import pytest

from pipeline.errors import DatabaseUnavailableError
from pipeline.store.connections import connect, connection_to
from pipeline.web.record import Record


def test_options_of_the_address_stay_beside_ours(database_url: str) -> None:
    url = f"{database_url}?options=-c%20work_mem%3D5MB"
    question = "select current_setting('work_mem') as memory, current_setting('timezone') as zone, current_user as who"
    with connect(url) as connection:
        row = connection.execute(question).fetchone()
        assert row == {"memory": "5MB", "zone": "UTC", "who": "writethru"}
    record = Record(url)
    with record.reading() as connection:
        row = connection.execute(question).fetchone()
        assert row == {"memory": "5MB", "zone": "UTC", "who": "news_reader"}
    record.close()


def test_a_server_that_vanishes_without_a_word_is_noticed_unless_the_address_says_otherwise(database_url: str) -> None:
    with connect(database_url) as connection:
        asked = connection.info.get_parameters()
        assert (asked["keepalives_idle"], asked["tcp_user_timeout"], asked["connect_timeout"]) == ("30", "60000", "5")
    with connect(f"{database_url}?keepalives_idle=7&connect_timeout=2") as connection:
        asked = connection.info.get_parameters()
        assert (asked["keepalives_idle"], asked["tcp_user_timeout"], asked["connect_timeout"]) == ("7", "60000", "2")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("do $$ begin raise 'could not extend file: No space left' using errcode = '53100'; end $$", "cannot go on"),
        ("begin read only; create table news.more ()", "cannot go on.*read-only"),
        ("select pg_terminate_backend(pg_backend_pid())", "went away"),
    ],
    ids=["disk full", "read only", "ended"],
)
def test_what_may_be_right_again_at_the_next_try_is_told_from_what_has_gone_away(
    database_url: str, statement: str, words: str
) -> None:
    with pytest.raises(DatabaseUnavailableError, match=words) as caught, connection_to(database_url) as connection:
        connection.execute(statement)
    assert "can simply be run again" in str(caught.value)
