"""What the gateway reads of what counsellors and mentors wrote; their words come marked, and are opened afterwards."""

from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.interpretations.queries import visible
from services.profile.journal import texts
from shared.views import Logged, View, columns, global_id

interpretations: View = View(
    name="interpretations",
    source=ConfidantInterpretation.metadata.tables[ConfidantInterpretation.__tablename__],
    visible=visible,
    fields={
        "id": global_id("Interpretation"),
        **columns("personId", "authorId", "role", "writtenAt", "updatedAt"),
        "text": texts.shown(),
    },
    lists={"result": "result_id"},
    order=("written_at", "id"),
    logged=Logged("ASSESSMENT_RESULTS", certain=True),
)
