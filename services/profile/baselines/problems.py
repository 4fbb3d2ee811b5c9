"""What can go wrong with baselines."""

from shared.problems import Conflict


class CycleHasBaseline(Conflict):
    """This cycle has its baseline already."""
