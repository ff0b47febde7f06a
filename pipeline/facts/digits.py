"""The value of digits: with group and decimal signs, with spaces between groups, or torn at a sign."""

from collections.abc import Sequence
from decimal import Decimal

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.tokens import Shape, Token

_GROUP = 3  #: digits between two signs or spaces of a large number
_MOST_GROUPS = 6


def read_digits(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Decimal | None, int]:
    """Return the value of the digits at `place`, none where they are no number, and the place behind them."""
    grouped = _torn_groups(tokens, place, lexicon) or _spaced_groups(tokens, place, lexicon)
    return grouped or (digits_value(tokens[place].text, lexicon), place + 1)


def digits_value(text: str, lexicon: Lexicon) -> Decimal | None:
    """Return the value of digits with separators, or none where they are no number ("1.2.3", "31,36,2").

    A group separator followed by one or two digits at the end is taken for a decimal sign: "31,36%".
    """
    if text.isascii() and text.isdigit():
        return Decimal(text)
    whole, decimal_sign, fraction = text.partition(lexicon.decimal)
    if decimal_sign and not (fraction.isascii() and fraction.isdigit()):
        return None
    groups = whole.split(lexicon.group)
    if not all(group.isascii() and group.isdigit() for group in groups):
        return None
    if len(groups) == 2 and not decimal_sign and len(groups[1]) in (1, 2):
        return Decimal(f"{groups[0]}.{groups[1]}")
    indian = len(groups) > 2 and all(len(group) == 2 for group in groups[1:-1]) and len(groups[-1]) == 3
    if not indian and any(len(group) != 3 for group in groups[1:]):
        return None
    return Decimal("".join(groups) + (f".{fraction}" if decimal_sign else ""))


def _torn_groups(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Decimal, int] | None:
    """Read "963, 276 acres", a number torn at its group separator; only a unit behind makes it one number."""
    if place + 3 >= len(tokens) or tokens[place + 1].text != lexicon.group or not tokens[place + 1].glued:
        return None
    head, tail = tokens[place].text, tokens[place + 2].text
    if not (head.isdigit() and len(head) <= 3 and tail.isdigit() and len(tail) == 3):
        return None
    unit = lexicon.units.at(tokens, place + 3)
    return None if unit is None else (Decimal(head + tail), place + 3)


def _spaced_groups(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Decimal | None, int] | None:
    """Read "4 000 toneladas", a number whose thousands are set apart by spaces.

    Where a language sets them apart otherwise as a rule ("on May 12 300 people"), only zeros show that it is one.
    """
    head = tokens[place].text
    if not (head.isdigit() and len(head) <= _GROUP and head[0] != "0"):
        return None
    stop = place + 1
    while stop < min(len(tokens), place + _MOST_GROUPS) and _is_spaced_group(tokens[stop - 1], tokens[stop], lexicon):
        stop += 1
    digits = "".join(token.text for token in tokens[place:stop])
    if stop == place + 1 or not (lexicon.decimal == "," or tokens[stop - 1].text.startswith("0" * _GROUP)):
        return None
    return digits_value(digits, lexicon), stop


def _is_spaced_group(before: Token, token: Token, lexicon: Lexicon) -> bool:
    whole = token.text.partition(lexicon.decimal)[0]
    is_group = token.shape is Shape.NUMBER and whole.isdigit() and len(whole) == _GROUP
    return is_group and before.text.isdigit() and token.start == before.end + 1
