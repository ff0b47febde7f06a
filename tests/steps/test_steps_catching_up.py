"""Much that is due at once, after an outage: every host gets its share of a run, and no run is held up by one host."""

from pipeline import steps

MUCH = 5000


def overdue_articles(desk, host, number, *, hours):
    """Let so many articles of a host be due, the first of them for so many hours."""
    desk.connection.execute(
        "insert into news.articles (publisher, url, fetch_url, host, first_seen_at, next_capture_at)"
        " select 'Site', 'http://' || %s || '/' || n, 'http://' || %s || '/' || n, %s, now(),"
        " now() - make_interval(hours => %s) + n * interval '1 millisecond' from generate_series(1, %s) n",
        [host, host, host, hours, number],
    )


def overdue_feeds(desk, host, number, *, hours):
    """Let so many feeds of a host be due, the first of them for so many hours."""
    desk.connection.execute(
        "insert into news.feeds (publisher, url, host, next_poll_at)"
        " select 'Site', 'http://' || %s || '/' || n, %s,"
        " now() - make_interval(hours => %s) + n * interval '1 millisecond' from generate_series(1, %s) n",
        [host, host, hours, number],
    )


def hosts_of(desk, shards, *, table):
    key = f"{table.rstrip('s')}_id"
    ids = [one for shard in shards for one in shard.ids]
    return desk.column(f"select distinct host from news.{table} where {key} = any(%s) order by 1", ids)


def test_a_host_with_thousands_of_articles_due_leaves_the_others_their_turn(desk):
    overdue_articles(desk, "big.example:443", MUCH, hours=48)
    for number in range(9):
        overdue_articles(desk, f"small{number}.example:443", 1, hours=1)
    shards = steps.plan_captures(desk.url, desk.settings)
    assert len(hosts_of(desk, shards, table="articles")) == 10


def test_a_host_whose_budget_is_spent_leaves_the_others_their_turn(desk):
    limits = desk.settings.model_copy(update={"host_fetches_per_hour": 1})
    overdue_articles(desk, "big.example:443", MUCH, hours=48)
    overdue_articles(desk, "small.example:443", 1, hours=1)
    shards = steps.plan_captures(desk.url, limits)
    assert hosts_of(desk, shards, table="articles") == ["big.example:443", "small.example:443"]


def test_a_host_with_thousands_of_feeds_due_leaves_the_others_their_turn(desk):
    overdue_feeds(desk, "big.example:443", MUCH, hours=48)
    overdue_feeds(desk, "small.example:443", 1, hours=1)
    shards = steps.plan_polls(desk.url, desk.settings)
    assert hosts_of(desk, shards, table="feeds") == ["big.example:443", "small.example:443"]


def test_of_one_host_the_longest_waiting_come_first(desk):
    overdue_articles(desk, "a.example:443", MUCH, hours=1)
    overdue_articles(desk, "a.example:443", 3, hours=48)
    (shard,) = steps.plan_captures(desk.url, desk.settings)
    oldest = desk.column("select article_id from news.articles order by next_capture_at limit 3")
    assert list(shard.ids[:3]) == oldest


def test_what_waits_to_be_read_comes_before_a_host_with_thousands_of_articles_due(desk):
    overdue_articles(desk, "big.example:443", MUCH, hours=48)
    newest = desk.one("select max(article_id) as id from news.articles")["id"]
    desk.connection.execute(
        "insert into news.captures (article_id, captured_at, outcome, final_url) values (%s, now(), 'new_body', '')",
        [newest],
    )
    (shard,) = steps.plan_captures(desk.url, desk.settings)
    assert shard.ids[0] == newest
    assert len(shard.ids) == desk.settings.shard_size


def test_a_poll_ends_within_its_budget_and_leaves_the_rest_to_the_next(desk, site):
    for number in range(12):
        desk.add_feed(site.feed(f"/feed{number}", (f"/{number}", "Dam holds")))
    desk.connection.execute("update news.feeds set next_poll_at = now() - feed_id * interval '1 minute'")
    slow = desk.settings.model_copy(update={"host_gap_seconds": 0.3, "poll_budget_seconds": 1})
    feed_ids = [one for shard in steps.plan_polls(desk.url, slow) for one in shard.ids]
    first = steps.poll_feeds(desk.url, slow, feed_ids)
    # One each 0.3 seconds: four have begun by then, and none begins afterwards on a slow machine either.
    assert first.left == 12 - first.polled >= 7
    assert f"{first.left} left to the next run" in first.line()
    longest_waiting = desk.column("select feed_id from news.feeds order by feed_id desc limit %s", first.polled)
    assert desk.column("select feed_id from news.polls order by feed_id desc") == longest_waiting
    second = steps.poll_feeds(desk.url, slow, feed_ids, budget_seconds=30)
    assert (second.polled, second.left) == (12 - first.polled, 0)
