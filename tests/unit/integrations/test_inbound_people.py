"""Every HRIS's payload against the exact facts, or the exact request to fetch."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.webhooks.mapping import FetchBack
from tests.unit.integrations.mapped import facts, mapped

UPSERTED = "waymark.integrations.person.upserted.v1"
TERMINATED = "waymark.integrations.person.terminated.v1"
EMPLOYMENT = "waymark.integrations.employment.changed.v1"


def bamboo(**employee: Any) -> dict[str, Any]:
    return {
        "employees": [
            {
                "id": "42",
                "action": "Updated",
                "timestamp": "2026-11-20T09:00:00+00:00",
                "changedFields": ["Job Title"],
                "fields": {},
                **employee,
            }
        ]
    }


def test_bamboohr_tells_a_person_and_a_job_by_whatever_its_fields_are_called():
    told = bamboo(
        changedFields=["Job Title", "employmentStatus"],
        fields={
            "First name": {"value": "Ada"},
            "Last Name": "Lovelace",
            "workEmail": {"value": "ada@example.org"},
            "Hire Date": {"value": "2020-01-02"},
            "Job Title": {"value": "Engineer"},
            "Department": "R&D",
            "Supervisor EId": {"value": 7},
            "Employment Status": "Zero hours",
            "Job Information: Date": "2026-12-01",
            "Status": "Active",
        },
    )
    common = {
        "saidAt": "2026-11-20T09:00:00Z",
        "person": {"externalId": "42", "email": "ada@example.org"},
    }

    assert facts(Vendor.BAMBOOHR, told) == [
        (
            UPSERTED,
            common
            | {
                "displayName": "Ada Lovelace",
                "workEmail": "ada@example.org",
                "hireDate": "2020-01-02",
                "status": "ACTIVE",
            },
        ),
        (
            EMPLOYMENT,
            common
            | {
                "effectiveFrom": "2026-12-01",
                "roleTitle": "Engineer",
                "orgUnitKey": "R&D",
                "manager": {"externalId": "7"},
                "employmentType": "OTHER",
            },
        ),
    ]
    assert mapped(Vendor.BAMBOOHR, told).notes == [
        "fields.employmentStatus: not known here, taken as OTHER"
    ]


def test_bamboohr_tells_who_leaves():
    told = bamboo(fields={"Status": "Inactive", "Termination Date": "2026-12-31"})

    assert facts(Vendor.BAMBOOHR, told) == [
        (
            TERMINATED,
            {
                "saidAt": "2026-11-20T09:00:00Z",
                "person": {"externalId": "42"},
                "terminationDate": "2026-12-31",
            },
        )
    ]


@pytest.mark.parametrize(
    ("employee", "fields", "told"),
    [
        ({}, ["Job Title"], 0),
        ({"action": "Deleted", "fields": {"Job Title": "Engineer"}}, ["Job Title"], 0),
        ({"fields": {"Status": "Inactive"}}, ["Job Title"], 0),
        ({"fields": {"Work Email": "a@example.org"}}, ["Job Title"], 1),
        ({"fields": {"Home Phone": "1"}, "changedFields": ["Home Phone"]}, ["Home Phone"], 0),
    ],
)
def test_bamboohr_is_asked_for_what_it_did_not_send(employee, fields, told):
    said = mapped(Vendor.BAMBOOHR, bamboo(**employee))

    assert said.fetch_backs == [
        FetchBack("person", "42", datetime(2026, 11, 20, 9, tzinfo=UTC), fields)
    ]
    assert len(said.facts) == told


def bob(event: str, **data: Any) -> dict[str, Any]:
    return {
        "companyId": 636192,
        "type": event,
        "triggeredBy": "2719747110476546060",
        "triggeredAt": "2026-11-20T09:00:00.000000",
        "version": "v2",
        "data": {"employeeId": "3332883894235038418", **data},
    }


@pytest.mark.parametrize(
    ("told", "kind", "fields"),
    [
        (bob("employee.created"), "person", ["employee.created"]),
        (
            bob("employee.updated", fieldUpdates=[{"id": "root.firstName"}, {"id": "work.title"}]),
            "person",
            ["root.firstName", "work.title"],
        ),
        (bob("employee.terminated"), "person", ["employee.terminated"]),
        (bob("table.entry.updated", tableId="work"), "employment", ["work"]),
    ],
)
def test_hibob_is_asked_for_everything(told, kind, fields):
    said_at = datetime(2026, 11, 20, 9, tzinfo=UTC)

    assert mapped(Vendor.HIBOB, told).fetch_backs == [
        FetchBack(kind, "3332883894235038418", said_at, fields)
    ]


@pytest.mark.parametrize(
    ("event", "payload", "kind", "external_id"),
    [
        ("person.updated", {"person_id": "4711"}, "person", "4711"),
        ("person.created", {"id": 4711}, "person", "4711"),
        ("employment.updated", {"person_id": 1, "employment_id": 2}, "employment", "1/2"),
        ("employment.terminated", {"person": {"id": 1}, "id": 2}, "employment", "1/2"),
    ],
)
def test_personio_is_asked_for_everything(event, payload, kind, external_id):
    told = {
        "company_id": "1",
        "event_name": event,
        "occurred_at": "2026-11-20T09:00:00Z",
        "payload": payload,
    }

    assert mapped(Vendor.PERSONIO, told).fetch_backs == [
        FetchBack(kind, external_id, datetime(2026, 11, 20, 9, tzinfo=UTC), [event])
    ]
