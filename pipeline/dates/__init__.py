"""Dates as people and programs write them, in feeds and on pages: to aware UTC times. Pure, but for its word lists."""

from pipeline.dates.reading import parse_date
from pipeline.dates.words import date_words, fold, zone_named, zone_of_country

__all__ = ["date_words", "fold", "parse_date", "zone_named", "zone_of_country"]
