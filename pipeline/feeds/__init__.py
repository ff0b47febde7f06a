"""Feeds: bytes to entries, dates, entry identity, OPML. Pure: no clock, no socket, no file but its own word lists."""

from pipeline.feeds.dates import parse_date
from pipeline.feeds.opml import OPML_MAX_BYTES, read_opml, write_opml
from pipeline.feeds.parse import parse_feed
from pipeline.feeds.raw import CUT_SHORT

__all__ = ["CUT_SHORT", "OPML_MAX_BYTES", "parse_date", "parse_feed", "read_opml", "write_opml"]
