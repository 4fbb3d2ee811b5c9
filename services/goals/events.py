"""What this service listens to and does in time; the slices register themselves here when they are imported."""

from shared.events import Handlers
from shared.jobs import Jobs

handlers = Handlers("goals")
jobs = Jobs("goals")
