"""What the gateway reads of the access log."""

from services.profile.accesses.queries import readable
from services.profile.tables import ACCESS_LOG
from shared.views import View, columns, global_id

access_log: View = View(
    name="access_log",
    source=ACCESS_LOG,
    visible=readable,
    fields={
        "id": global_id("Access"),
        **columns("subjectId", "day", "reader", "readerId", "what", "via", "times"),
        **columns("firstAt", "lastAt"),
    },
    lists={"person": "subject_id"},
    order=("-last_at", "-id"),
)
