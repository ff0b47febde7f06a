"""The pages, the feeds out and the JSON API: the record to look at. Reads as `news_reader`; FastAPI and Jinja2."""

from pipeline.web.access import Access, PasswordAccess, Viewer
from pipeline.web.app import create_app

__all__ = ["Access", "PasswordAccess", "Viewer", "create_app"]
