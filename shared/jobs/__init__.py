"""Work that is stored together with its reason and done later: at least once, with back-off, or at set times."""

from shared.jobs.queue import (
    Job,
    NewJob,
    Waiting,
    done,
    enqueue,
    enqueue_bare,
    enqueue_many,
    install_sql,
    uninstall_sql,
    waiting,
)
from shared.jobs.registry import Jobs, Lane, TryLater
from shared.jobs.runner import run
from shared.jobs.sweeping import sweep

__all__ = [
    "Job",
    "Jobs",
    "Lane",
    "NewJob",
    "TryLater",
    "Waiting",
    "done",
    "enqueue",
    "enqueue_bare",
    "enqueue_many",
    "install_sql",
    "run",
    "sweep",
    "uninstall_sql",
    "waiting",
]
