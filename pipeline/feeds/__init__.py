"""Feeds: bytes to entries, entry identity, OPML. Pure: no clock, no socket, no file."""

from pipeline.feeds.opml import OPML_MAX_BYTES, read_opml, write_opml
from pipeline.feeds.parse import parse_feed
from pipeline.feeds.raw import CUT_SHORT

__all__ = ["CUT_SHORT", "OPML_MAX_BYTES", "parse_feed", "read_opml", "write_opml"]
