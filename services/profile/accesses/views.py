"""What the gateway reads of the access log."""

from services.profile.accesses.queries import READING
from shared.views import View

access_log: View = READING.view()
