"""Contents and versions of no particular make, for tests that say only what matters to them."""

from datetime import UTC, datetime

from pipeline.changes import content_sha256
from pipeline.model import Content, Version

AT = datetime(2016, 11, 1, tzinfo=UTC)


def content_of(headline: str, text: str, **known: object) -> Content:
    values: dict[str, object] = {
        "byline": None,
        "language": "en",
        "published_at": None,
        "modified_at": None,
        "canonical_url": None,
        "markers": (),
        "corrections": (),
        "live_entries": (),
        "words": len(text.split()),
        "extractor": "test",
    }
    return Content(headline=headline, text=text, **{**values, **known})


def version(of: Content, number: int = 1) -> Version:
    """Return a content as the store would hold it."""
    return Version(
        version_id=number,
        article_id=1,
        number=number,
        observed_at=AT,
        headline=of.headline,
        text=of.text,
        language=of.language,
        is_developing=True,
        extractor=of.extractor,
        content_sha256=content_sha256(of.headline, of.text),
        capture_id=number,
        captured_at=AT,
        live_entries=of.live_entries,
        modified_at=of.modified_at,
    )
