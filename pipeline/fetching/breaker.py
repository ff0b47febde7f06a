"""Hosts that do not answer: after a few attempts in a row nobody else waits for them for a while. Pure.

One dead host with a hundred due articles would otherwise cost a task a hundred connection deadlines.
"""

from dataclasses import dataclass, field, replace

from pipeline.fetching.answers import Answer, Silence
from pipeline.model import Outcome

#: So many silences in a row, whatever address they were about, and a host counts as dead.
SILENCES = 3
#: And for so long nobody asks it.
REST_SECONDS = 600.0
_SILENT = frozenset({Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.DNS_ERROR, Outcome.TLS_ERROR})


@dataclass(slots=True)
class HostBreaker:
    """Counts silences by host. Times are seconds of one monotonic clock."""

    _silences: dict[str, int] = field(default_factory=dict)
    _rests: dict[str, tuple[float, Silence]] = field(default_factory=dict)

    def refusal(self, host: str, *, now: float) -> Silence | None:
        """Return why a host is not asked; `None` where it may be."""
        until, silence = self._rests.get(host, (0.0, None))
        return silence if silence is not None and now < until else None

    def heard(self, host: str, end: Answer | Silence, *, now: float) -> None:
        """Note how a request to the host ended. Any answer, however bad, is a sign of life."""
        if isinstance(end, Answer) or end.outcome not in _SILENT:
            self._silences.pop(host, None)
            self._rests.pop(host, None)
            return
        self._silences[host] = self._silences.get(host, 0) + 1
        if self._silences[host] >= SILENCES:
            silence = replace(end, detail=f"not asked: the host did not answer {SILENCES} times ({end.detail})")
            self._rests[host] = (now + REST_SECONDS, silence)
