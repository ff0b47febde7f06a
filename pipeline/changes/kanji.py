"""Numbers written in Chinese characters, as Japanese and Chinese news write small ones: 五人, 十二人, 二〇二四年.

Most of these characters stand in other words far more often (一方, 三重県, 十分), so a number is one only where what it
counts follows; the counters are data (`meaning.toml`).
"""

import re
from collections.abc import Iterable, Iterator

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
_ONE = "一"  #: alone it is an article or part of a word more often than a figure
_MOST = 24  #: characters of a number


def pattern_of(counters: Iterable[str], words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a number and its counter; `words` begin with what looks like both and are neither."""
    small = "".join((*_DIGITS, *_UNITS))
    # Behind digits a scale is a number of its own, as "million" is in English.
    begin = rf"(?:(?<=\d)[{''.join((*_UNITS, *_SCALES))}]|(?<!\d)[{small}])"
    either = "|".join(sorted(map(re.escape, counters), key=len, reverse=True))
    not_words = "|".join(map(re.escape, words))
    return re.compile(
        rf"(?<![{small}{''.join(_SCALES)}])(?!{not_words})"
        rf"(?P<number>{begin}[{small}{''.join(_SCALES)}]{{0,{_MOST}}})(?:{either})"
    )


def numbers_in_kanji(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """Yield the values of the numbers of a text."""
    for match in pattern.finditer(text):
        if match["number"] != _ONE:
            yield value_of(match["number"])


def value_of(number: str) -> int:
    """Return the value of a number: by place ("二〇二四") where it has no unit, else by its units ("三百二十")."""
    if all(sign in _DIGITS for sign in number):
        return int("".join(str(_DIGITS[sign]) for sign in number))
    total = section = digit = 0
    for sign in number:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            total += (section + digit or 1) * _SCALES[sign]
            section = digit = 0
    return total + section + digit
