"""Packing what is due into batches for tasks: no host in two of them, so that each can pace its hosts by itself."""

from collections import defaultdict
from collections.abc import Iterable

from pipeline.model import Shard
from pipeline.store.polling import DueHost


def pack(due: Iterable[DueHost], *, shards: int, shard_size: int) -> tuple[Shard, ...]:
    """Return at most `shards` batches of similar size, at most `shard_size` each; what is over waits for the next run.

    Hosts go to the emptiest batch, the largest host first (greedy bin packing). The label names the largest host.
    """
    hosts: dict[str, list[int]] = defaultdict(list)
    for one in due:
        hosts[one.host].append(one.id)
    bins: list[tuple[list[str], list[int]]] = [([], []) for _ in range(min(shards, len(hosts)))]
    for host, ids in sorted(hosts.items(), key=lambda item: -len(item[1])):
        names, members = min(bins, key=lambda one: len(one[1]))
        names.append(host)
        members.extend(ids[: shard_size - len(members)])
    return tuple(Shard(label=_label(names), ids=tuple(members)) for names, members in bins if members)


def _label(hosts: list[str]) -> str:
    return hosts[0] if len(hosts) == 1 else f"{hosts[0]} +{len(hosts) - 1}"
