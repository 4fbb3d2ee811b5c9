"""HiBob's webhooks: they name the employee and the changed fields and hold no values, so all are fetched back."""

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.gateway.integrations.webhooks.mapping.terms import (
    PING,
    FetchBack,
    Id,
    Mapped,
    Moment,
    Origin,
    Sent,
    Unmappable,
    Word,
    not_mapped,
    read_as,
    read_object,
    refuse_future,
)

MOST_FIELDS = 200
PERSON = "employee."
TABLE = "table.entry."


class _Told(Sent):
    model_config = ConfigDict(alias_generator=to_camel)


class _Update(_Told):
    id: Id


class _Data(_Told):
    employee_id: Id | None = None
    table_id: Id | None = None
    field_updates: list[_Update] = Field(default=[], max_length=MOST_FIELDS)


class _Employee(_Told):
    """Who it is about, as the first version of the webhooks says it."""

    id: Id


class _Event(_Told):
    type: Word
    triggered_at: Moment | None = None
    data: _Data = _Data()
    employee: _Employee | None = None


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    if not event.type.startswith((PERSON, TABLE)):
        return not_mapped(event.type)
    employee = event.data.employee_id or (event.employee.id if event.employee else None)
    if employee is None:
        raise Unmappable("data.employeeId: Field required", event_type=event.type)
    said_at = event.triggered_at or origin.sent_at
    refuse_future(said_at, origin, "triggeredAt", event.type)
    kind = "employment" if event.type.startswith(TABLE) else "person"
    wanted = FetchBack(kind, employee, said_at, _changed(event))
    return Mapped(event.type, fetch_backs=[wanted])


def _changed(event: _Event) -> list[str]:
    if event.data.table_id is not None:
        return [event.data.table_id]
    named = [update.id for update in event.data.field_updates]
    return named or ([] if event.type == "employee.updated" else [event.type])
