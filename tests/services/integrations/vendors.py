"""The APIs of the vendors, with their ways to authorise, to page and to say that something is not there."""

import base64
from typing import Any

from .vending import SECRET, Answer, Asked, Vendor


class BambooHr(Vendor):
    """Employees by id; a report of all."""

    def __init__(self) -> None:
        super().__init__()
        self.employees: dict[str, dict[str, Any]] = {}

    def basic(self) -> str:
        return base64.b64encode(f"{SECRET}:x".encode()).decode()

    def hire(self, *ids: str, **fields: Any) -> None:
        for each in ids:
            self.employees[each] = {
                "id": each,
                "displayName": f"Person {each}",
                "workEmail": f"p{each}@acme.example",
                "status": "Active",
                "terminationDate": "0000-00-00",
                "jobTitle": "Engineer",
                "department": "R&D",
                **fields,
            }

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/api/v1/reports/custom":
            assert asked.query == {"format": "JSON", "onlyCurrent": "false"}
            return 200, {"title": "Waymark", "employees": list(self.employees.values())}
        employee = self.employees.get(asked.path.removeprefix("/api/v1/employees/"))
        if employee is None:
            return 404, {}
        names = asked.query["fields"].split(",")
        return 200, {"id": employee["id"], **{n: v for n, v in employee.items() if n in names}}


class HiBob(Vendor):
    """One search, with or without a filter."""

    def __init__(self) -> None:
        super().__init__()
        self.employees: dict[str, dict[str, Any]] = {}

    def hire(self, *ids: str, **work: Any) -> None:
        for each in ids:
            self.employees[each] = {
                "/root/id": {"value": each},
                "id": each,
                "firstName": "Bo",
                "surname": each,
                "email": f"b{each}@acme.example",
                "work": {"title": "9001", "department": "77", "startDate": "2024-02-01", **work},
                "/root/surname": {"value": each},
                "internal": {"status": "Active"},
                "humanReadable": {"work": {"title": "Designer"}},
            }

    def answer(self, asked: Asked) -> Answer:
        assert (asked.method, asked.path) == ("POST", "/v1/people/search")
        wanted = asked.told.get("filters")
        assert asked.told["showInactive"] is True
        values = wanted[0]["values"] if wanted else list(self.employees)
        return 200, {"employees": [self.employees[v] for v in values if v in self.employees]}


class Personio(Vendor):
    """Persons in pages with a cursor, and the employments of each."""

    token_path = "/v2/auth/token"

    def __init__(self, page: int = 2) -> None:
        super().__init__()
        self.page = page
        self.persons: dict[str, dict[str, Any]] = {}
        self.units: dict[str, dict[str, Any]] | None = {}
        self.employments: dict[str, list[dict[str, Any]]] = {}

    def hire(self, *ids: str, **job: Any) -> None:
        for each in ids:
            self.persons[each] = {
                "id": each,
                "first_name": "Pe",
                "last_name": each,
                "email": f"e{each}@acme.example",
                "status": "ACTIVE",
            }
            newest = {
                "id": f"job-{each}",
                "status": "ACTIVE",
                "employment_start_date": "2023-01-01",
                "position": {"title": "Clerk"},
                "org_units": [{"type": "team", "id": "5"}, {"type": "department", "id": "9"}],
                "supervisor": {"id": "1"},
                **job,
            }
            self.employments[each] = [newest, {"id": "older", "position": {"title": "Intern"}}]

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/v2/org-units"):
            return self._units(asked)
        parts = asked.path.removeprefix("/v2/persons").strip("/").split("/")
        if parts == [""]:
            return 200, self._page(list(self.persons.values()), asked)
        if parts[0] not in self.persons:
            return 404, {"title": "Resource not found"}
        if len(parts) == 1:
            return 200, self.persons[parts[0]]
        return 200, {"_data": self.employments[parts[0]], "_meta": {"links": {}}}

    def _units(self, asked: Asked) -> Answer:
        """`type` is required; without the scope for units nothing of them is answered."""
        if self.units is None:
            return 403, {"title": "Forbidden"}
        of_type = self.units.get(asked.query["type"], {})
        if asked.path == "/v2/org-units":
            return 200, self._page(list(of_type.values()), asked)
        unit = of_type.get(asked.path.removeprefix("/v2/org-units/"))
        return (200, unit) if unit else (404, {"title": "Resource not found"})

    def _page(self, rows: list[Any], asked: Asked) -> Any:
        start = int(asked.query.get("cursor", "0"))
        links = {}
        if start + self.page < len(rows):
            href = f"https://elsewhere.example{asked.path}?cursor={start + self.page}"
            links = {"next": {"href": href}}
        return {"_data": rows[start : start + self.page], "_meta": {"links": links}}


class Docebo(Vendor):
    """Enrolments in numbered pages."""

    token_path = "/oauth2/token"

    def __init__(self, page: int = 2) -> None:
        super().__init__()
        self.page = page
        self.enrolments: list[dict[str, Any]] = []

    def enrol(self, user: int, course: int, completed: str | None = None) -> None:
        self.enrolments.append(
            {
                "user_id": user,
                "username": f"u{user}@acme.example",
                "course_id": course,
                "course_code": f"C-{course}",
                "enrollment_status": "completed" if completed else "subscribed",
                "enrollment_created_at": "2026-10-01 08:00:00",
                "enrollment_completion_date": completed,
            }
        )

    def answer(self, asked: Asked) -> Answer:
        assert asked.path == "/course/v1/courses/enrollments"
        start = (int(asked.query["page"]) - 1) * self.page
        rows = self.enrolments[start : start + self.page]
        more = start + self.page < len(self.enrolments)
        return 200, {"data": {"items": rows, "has_more_data": more}}
