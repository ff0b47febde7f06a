"""Articles: from a page's bytes to the journalism on it, and by what names an article is known.

Pure: no clock, socket or file beyond this package's own data. `read_article` is the entrance for pages,
`markers_in` judges feed entries as well, and `identity` brings addresses and guids to one form.
"""

from pipeline.articles.boilerplate import ARTICLES_MIN, learn_boilerplate
from pipeline.articles.identity import aliases_of_entry, aliases_of_page, normalise_url, publisher_of
from pipeline.articles.markers import corrections_in, markers_in
from pipeline.articles.plain import count_words
from pipeline.articles.reading import EXTRACTOR, extractor_with, read_article

__all__ = [
    "ARTICLES_MIN",
    "EXTRACTOR",
    "aliases_of_entry",
    "aliases_of_page",
    "corrections_in",
    "count_words",
    "extractor_with",
    "learn_boilerplate",
    "markers_in",
    "normalise_url",
    "publisher_of",
    "read_article",
]
