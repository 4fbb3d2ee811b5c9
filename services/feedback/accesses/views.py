"""What the gateway reads of the access log."""

from services.feedback.accesses.queries import READING

VIEWS = (READING.view(),)
