"""What the gateway reads of the access log."""

from services.goals.accesses.queries import READING

VIEWS = (READING.view(),)
