"""Where the slices register their reactions to others' facts and their timed work."""

from shared.events import Handlers
from shared.jobs import Jobs

handlers = Handlers("profile")
jobs = Jobs("profile")
