"""The API does what its schema says, whatever it is asked."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

EXAMPLES = 30
#: Every path of the schema but the stream, which never ends: what it does is tested by itself.
PATHS = (
    "/api/stories",
    "/api/stories/{story_id}",
    "/api/stories/{story_id}/facts",
    "/api/articles/{article_id}",
    "/api/articles/{article_id}/versions/{number}",
    "/api/articles/{article_id}/diff",
    "/api/events",
    "/api/feeds",
)


@pytest.fixture(scope="module")
def described(told_pages: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{told_pages}/openapi.json")


def test_the_schema_names_every_path(described: schemathesis.BaseSchema) -> None:
    assert set(described) == {*PATHS, "/api/stream"}


@pytest.mark.parametrize("path", PATHS)
def test_the_api_keeps_to_its_schema(described: schemathesis.BaseSchema, path: str) -> None:
    operation = described[path]["GET"]
    checked = 0

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def ask(case: schemathesis.Case) -> None:
        nonlocal checked
        case.call_and_validate(timeout=60)
        checked += 1

    ask()
    assert checked
