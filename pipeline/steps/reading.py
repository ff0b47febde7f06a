"""Reading a stored capture with today's extractor."""

import structlog

from pipeline import articles
from pipeline.model import Boilerplate, Capture, Content, NotAnArticle, Outcome
from pipeline.steps.defects import in_words

log = structlog.get_logger(__name__)


def read(capture: Capture, boilerplate: Boilerplate) -> Content | NotAnArticle | None:
    """Read a capture's bytes; `None` where there are none, because the page was gone or as before."""
    if capture.outcome is not Outcome.NEW_BODY:
        return None
    try:
        return articles.read_article(
            capture.body, url=capture.final_url, content_type=capture.content_type, boilerplate=boilerplate
        )
    except Exception as error:
        log.exception("a page could not be read", url=capture.final_url, capture_id=capture.capture_id)
        return NotAnArticle(outcome=Outcome.FAILED, detail=in_words(error))
