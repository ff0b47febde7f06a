"""What happened to a story (events), which articles are followed, and which articles tell the same story."""

from pipeline.stories.events import Happening, events_of, fact_name, number_text
from pipeline.stories.following import status_after
from pipeline.stories.joining import JOIN_WINDOW, join

__all__ = ["JOIN_WINDOW", "Happening", "events_of", "fact_name", "join", "number_text", "status_after"]
