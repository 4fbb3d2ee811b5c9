"""Who and what the organisation of the gateway's tests is made of."""

from typing import Any

SPELLINGS = 'Quote " back\\slash Ünïcode \U0001f9ed \u2028'
UNITS = (
    {"key": "co", "name": "Company", "type": "COMPANY"},
    {"key": "eng", "name": "Engineering", "type": "DEPARTMENT", "parentKey": "co"},
    {"key": "ops", "name": f"Ops {SPELLINGS}", "type": "TEAM", "parentKey": "co"},
)
PEOPLE: tuple[dict[str, Any], ...] = (
    {"key": "chief", "orgUnitKey": "co", "hireDate": "2010-05-01"},
    {"key": "lead", "managerKey": "chief", "orgUnitKey": "eng", "hireDate": "2015-01-01"},
    {"key": "dev", "managerKey": "lead", "orgUnitKey": "eng", "preferredName": SPELLINGS},
    {"key": "peer", "managerKey": "lead", "orgUnitKey": "eng", "hireDate": "2015-01-01"},
    {"key": "partner", "managerKey": "chief", "orgUnitKey": "ops", "locale": "de-DE"},
    {"key": "leaver", "managerKey": "lead", "orgUnitKey": "ops", "status": "TERMINATED"},
)
STEPS = [{"ordinal": n, "label": f"Step {n}", "value": 1.25 * n} for n in range(1, 5)]
FRAMEWORKS = (
    {"key": "house", "title": "House", "creator": "Us", "licence": SPELLINGS, "publish": True},
    {"key": "crafts", "title": "Crafts", "publish": True, "rule": "LATEST"},
    {"key": "draft", "title": "Not yet", "publish": False},
)
CHILDREN = 30
"""More than a view shows when nobody says how many."""
