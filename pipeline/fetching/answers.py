"""What one question to a server can come to: an answer, or silence."""

from dataclasses import dataclass
from datetime import datetime

from multidict import MultiMapping

from pipeline.model import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A server's answer. `body` is decoded; where the status is an error it may be only the beginning.

    `fault` tells why the body is not whole (TOO_LARGE, TRUNCATED); `body` is then what had come until there.
    """

    status: int
    headers: MultiMapping[str]
    body: bytes = b""
    fault: Outcome | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No answer, and why: the network, a limit of ours, or a question that was better not asked."""

    outcome: Outcome
    detail: str
    status: int | None = None
    not_before: datetime | None = None
