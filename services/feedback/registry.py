"""What feedback's slices react to and do later; filled where the functions stand."""

from shared.events import Handlers
from shared.jobs import Jobs

handlers = Handlers("feedback")
jobs = Jobs("feedback")
