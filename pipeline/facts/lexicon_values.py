"""What the entries of a lexicon stand for: bounds, units, vague numbers, verbs in two parts."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pipeline.model import FactKind


class Bound(StrEnum):
    """What a qualifier does to a number."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    INCREMENT = "increment"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure, time or share. `size` is in seconds, for times alone."""

    kind: FactKind
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Vague:
    """What a number phrase of the lexicon is worth. `weak` ones count only people in a state."""

    low: Decimal
    high: Decimal | None
    is_vague: bool
    is_share: bool = False
    weak: bool = False


class Bracket(NamedTuple):
    """What closes a verb in two parts: "fest" of "nahm zwölf Männer fest". `did` tells that its people do it."""

    kind: FactKind
    closing: tuple[str, ...]
    did: bool
