"""Sentences made to be slow to read: `PIECES` are repeated to any length.

`worst_milliseconds` is the longest that one of them takes at `LENGTH`; the tests count steps instead of time.
"""

import time

from pipeline.facts import extract_facts

LENGTH = 100_000  # characters

PIECES = {
    "numbers": "1 ",
    "groups of digits": "111 ",
    "groups that are no number": "111 1,1,1 ",
    "digits": "1",
    "digits and commas": "1,",
    "digits and stops": "1.",
    "numbers and commas": "1, ",
    "digits of other scripts": "٣٤৫६ ",
    "number words": "one ",
    "thousands in words": "nine hundred ninety-nine thousand ",
    "a chain of tens": "twenty-",
    "a sum without an end": "and 1 and 2 ",
    "a range without an end": "1 to 2 or 3 - ",
    "a list": "12 people, including ",
    "a list of names": "including Ann Orr, ",
    "an aside without an end": "12 people, mostly ",
    "places": "12 people in Orrin ",
    "sources": "The ministry said 12 people, ",
    "speakers": "said ",
    "announcements": 'announced "a plan" after, ',
    "tolls": "death toll rises to 12 ",
    "totals": "the number of cases rises to 12 ",
    "wholes": "1 of the 2 of the ",
    "kills": "killed ",
    "kills and dies": "killed 1 died ",
    "adjectives": "12 ballistic and cruise and ",
    "names": "12 F-35 ",
    "abbreviations": "12 U.S. ",
    "possessives": "12 hostages' ",
    "quotes": '"',
    "quotes of words": '"one two three" ',
    "open quotes": "“",
    "brackets": "(",
    "nested brackets": "(1 [",
    "dashes": "1-",
    "hyphens": "-",
    "dots": "a.",
    "money": "$1 ",
    "currency signs": "$€£¥₩",
    "conversions": "12 km (",
    "spans": "from 1 to 2 years ",
    "years": "in 2011 12 people died ",
    "negations": "no not never ",
    "one word": "a",
    "capitals": "A",
    "ones in a row": "a an another ",
    "invisible signs": "\u200e1\u200f ",
}


def sentence_of(piece: str, length: int) -> str:
    """Return the piece repeated to so many characters."""
    return (piece * (length // len(piece) + 1))[:length]


def worst_milliseconds() -> float:
    """Return the processor time of the slowest hostile sentence, in milliseconds, each the best of three readings."""
    return round(1000 * max(_seconds(sentence_of(piece, LENGTH)) for piece in PIECES.values()), 1)


def _seconds(sentence: str) -> float:
    seconds = []
    for _ in range(3):
        start = time.process_time()
        extract_facts([sentence], "en")
        seconds.append(time.process_time() - start)
    return min(seconds)
