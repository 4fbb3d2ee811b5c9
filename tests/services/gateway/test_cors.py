"""Pages of other origins: refused by the browser unless the origin is named, then able to read what clients need."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from services.gateway.app import SETTINGS, create_app
from services.gateway.cors import READ, around
from tests.conftest import SECRETS

FRONT_END = "https://hr.example.org"
DOORS = ["/graphql", "/imports/people", "/connections", "/webhooks/nowhere"]


def _settings(settings_of: Any, origins: str) -> Any:
    further = {"allowed_origins": origins, **SECRETS["integrations"]}
    return settings_of(SETTINGS, "integrations", **further)


async def _client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


@pytest.fixture
async def opened(settings_of: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that one front end may call from its own origin."""
    app = create_app(_settings(settings_of, f"{FRONT_END}, http://localhost:5173"))

    @app.get("/fails")
    async def fails() -> None:
        raise RuntimeError("nobody foresaw this")

    async for client in _client(app):
        yield client


@pytest.fixture
async def closed(settings_of: Any) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _client(create_app(_settings(settings_of, ""))):
        yield client


def _preflight(origin: str, method: str = "POST", headers: str = "") -> dict[str, str]:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return asked | ({"Access-Control-Request-Headers": headers} if headers else {})


def _granted(answer: httpx.Response) -> set[str]:
    return {name for name in answer.headers if name.startswith("access-control-")}


@pytest.mark.parametrize("door", DOORS)
async def test_a_browser_is_told_before_the_request_that_a_page_may_send_it(
    opened: httpx.AsyncClient, door: str
) -> None:
    asked = "authorization,content-type,idempotency-key,if-match,traceparent,x-query-cost"

    answer = await opened.options(door, headers=_preflight(FRONT_END, headers=asked))

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRONT_END
    assert answer.headers["access-control-allow-methods"] == "GET, POST, PUT, PATCH, DELETE"
    assert answer.headers["access-control-max-age"] == "7200"
    assert set(asked.split(",")) <= {
        name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")
    }
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.org",
        "https://hr.example.org.evil.test",
        "http://hr.example.org",
        "https://hr.example.org:8443",
        "null",
    ],
)
async def test_a_page_of_another_origin_is_granted_nothing(
    opened: httpx.AsyncClient, origin: str
) -> None:
    before = await opened.options("/graphql", headers=_preflight(origin))
    after = await opened.post(
        "/graphql", json={"query": "{ __typename }"}, headers={"Origin": origin}
    )

    assert before.status_code == 400
    assert "access-control-allow-origin" not in {**before.headers, **after.headers}


@pytest.mark.parametrize("headers", ["x-forwarded-for", "cookie", "authorization, x-tenant"])
async def test_a_header_that_no_door_reads_is_not_granted(
    opened: httpx.AsyncClient, headers: str
) -> None:
    answer = await opened.options("/graphql", headers=_preflight(FRONT_END, headers=headers))

    assert answer.status_code == 400


@pytest.mark.parametrize("door", ["/graphql", "/connections", "/fails", "/nowhere"])
async def test_every_answer_may_be_read_also_that_of_a_refusal_and_of_a_failure(
    opened: httpx.AsyncClient, door: str
) -> None:
    answer = await opened.get(door, headers={"Origin": FRONT_END})

    expected = {"/graphql": 400, "/connections": 401, "/fails": 500, "/nowhere": 404}
    assert answer.status_code == expected[door]
    assert answer.headers["access-control-allow-origin"] == FRONT_END
    assert answer.headers["access-control-expose-headers"] == ", ".join(READ)
    assert "Origin" in answer.headers["vary"].split(", ")
    assert "nobody foresaw" not in answer.text


async def test_caches_keep_the_answers_to_origins_and_to_media_types_apart(
    opened: httpx.AsyncClient,
) -> None:
    for headers in ({}, {"Origin": FRONT_END}):
        answer = await opened.post("/graphql", json={"query": "{ __typename }"}, headers=headers)

        assert answer.headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize("door", DOORS)
async def test_without_the_setting_no_other_origin_is_granted_anything(
    closed: httpx.AsyncClient, door: str
) -> None:
    before = await closed.options(door, headers=_preflight(FRONT_END))
    after = await closed.post(door, json={"query": "{ __typename }"}, headers={"Origin": FRONT_END})

    assert _granted(before) == _granted(after) == set()


def test_without_the_setting_nothing_stands_in_the_way_of_a_request() -> None:
    app = FastAPI()

    assert around(app, frozenset()) is app


def test_the_origins_are_parted_by_commas(
    settings_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_ALLOWED_ORIGINS", f"{FRONT_END}, http://localhost:5173,")

    settings = settings_of(SETTINGS, "integrations", **SECRETS["integrations"])

    assert settings.allowed_origins == {FRONT_END, "http://localhost:5173"}


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        "https://*.example.org",
        "null",
        "hr.example.org",
        "https://hr.example.org/",
        "https://HR.example.org",
        "https://hr.example.org/app",
        f"{FRONT_END} http://localhost:5173",
        f"{FRONT_END},ftp://hr.example.org",
    ],
)
def test_an_origin_that_no_browser_sends_stops_the_start(settings_of: Any, origins: str) -> None:
    with pytest.raises(ValidationError, match="name each origin as a browser sends it"):
        _settings(settings_of, origins)
