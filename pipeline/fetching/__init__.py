"""Fetching: one request in, one `FetchResult` out, whatever the other side does.

`Fetcher` is the room's door. Behind it: `addresses` (which URLs), `guard` (which IP addresses), `pacing` (when a host
may be asked), `breaker` (which hosts do not answer), `robots` (whether they want to be asked), `transport` (one
question, one answer, within its limits), `bodies` (decoding under a cap), `caching` (validators, Retry-After,
freshness) and `judge` (what an answer means).
"""

from pipeline.fetching.client import Fetcher, delete_outdated_rules
from pipeline.fetching.pacing import HostBook, host_of

__all__ = ["Fetcher", "HostBook", "delete_outdated_rules", "host_of"]
