"""What exports tell."""

from uuid import UUID

from pydantic import AwareDatetime

from shared.events import Fact


class ExportReady(Fact, type="waymark.profile.subject.export_ready.v1"):
    """What is held about somebody is ready for them to fetch, until `expiresAt`."""

    export_id: UUID
    person_id: UUID
    ready_at: AwareDatetime
    expires_at: AwareDatetime


FACTS: tuple[type[Fact], ...] = (ExportReady,)
