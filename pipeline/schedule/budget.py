"""Budgets: what a fetch from a host is worth, so that the host is asked no more often than it should be."""

#: A worth never falls below this: the pace of a host whose budget is not strained.
UNSTRAINED = 1.0
_MOST = 1e5
#: A worth changes by at most this factor at a time: use is measured over an hour, and answers slowly.
_STEP = 1.25


def next_worth(worth: float, *, used: float) -> float:
    """Return what a fetch should be worth after an hour in which this share of the budget was `used` (1: all of it).

    Intervals grow with the square root of the worth, so a budget overdrawn by half needs it 2.25 times as high. A
    worth falls back as soon as nine tenths of the budget are enough.
    """
    wanted = worth * (used / 0.9) ** 2
    stepped = min(max(wanted, worth / _STEP), worth * _STEP)
    return min(max(stepped, UNSTRAINED), _MOST)
