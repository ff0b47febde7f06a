"""What is due, as it is packed for the tasks that do it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A batch for one task. No host is in two shards of a run. `label` is what the Airflow UI shows."""

    label: str
    ids: tuple[int, ...]
