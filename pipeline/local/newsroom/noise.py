"""What changes on a page with every request and is not journalism: counters, advertisements, related links.

The noise is a pure function of the request's number, so that a failing test can be run again.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Filler:
    """What a page is filled up with: advertisements, and headlines that only ever are links."""

    advertisements: tuple[str, ...]
    headlines: tuple[str, ...]


@lru_cache(maxsize=1)
def filler() -> Filler:
    """Return the filler that travels with the program."""
    text = (files("pipeline.local.newsroom") / "filler.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Filler(tuple(data["advertisements"]), tuple(data["headlines"]))


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of one request."""

    request: int

    def number(self, what: str, low: int, high: int) -> int:
        """Return a number of `low` to `high` that looks random; `what` tells several of one page apart."""
        digest = sha256(f"{self.request} {what}".encode()).digest()
        return low + int.from_bytes(digest[:6]) % (high - low + 1)

    def pick(self, what: str, items: Sequence[str], count: int) -> tuple[str, ...]:
        """Return `count` different items (all, where there are fewer) in an order that looks random."""
        shuffled = sorted(items, key=lambda item: self.number(f"{what} {item}", 0, 2**47))
        return tuple(shuffled[:count])

    def headlines(self, what: str, count: int) -> tuple[str, ...]:
        """Return headlines of stories that do not exist, for links."""
        return self.pick(what, filler().headlines, count)

    @property
    def advertisement(self) -> str:
        """The advertisement of this request."""
        return self.pick("advertisement", filler().advertisements, 1)[0]

    @property
    def readers(self) -> int:
        """How many people are said to be reading this; never the same on two requests in a row."""
        return 200 + (self.request * 7) % 9000

    @property
    def comments(self) -> int:
        """How many comments there are said to be."""
        return self.number("comments", 3, 480)

    @property
    def token(self) -> str:
        """A session token, as forms and scripts carry one."""
        return sha256(f"token {self.request}".encode()).hexdigest()[:24]
