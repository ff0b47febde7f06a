"""Subscribes to the feeds of the bundled newsroom, which the profile `demo` of docker-compose.yml has started."""

import sys

from pipeline.config import settings
from pipeline.local.newsroom import STATE_FILE, subscriptions
from pipeline.steps import add_feeds


def main() -> None:
    """Add the feeds that the newsroom's state file names. Raises `NotReachableError` where it has none."""
    limits = settings()
    if limits.database_url is None:
        sys.exit("WRITETHRU_DATABASE_URL is not set")
    added = add_feeds(limits.database_url, limits, subscriptions(limits.home / "newsroom" / STATE_FILE))
    sys.stdout.write(f"{added} feeds of the newsroom added\n")


if __name__ == "__main__":
    main()
