"""What is sealed for a person opens with their key, for its own row, and never again once the key is gone."""

import json
import os
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData

from shared.erasure import Subject
from shared.erasure.facts import Identifier
from shared.ids import new_id
from shared.sealing import PersonKeys, Unsealable, Vault, define_table
from shared.sealing.marked import Opened

TENANT, PERSON, ROW = new_id(), new_id(), new_id()


@pytest.fixture
def vault() -> Vault:
    return Vault([os.urandom(32)])


def sealed_with(vault: Vault, key: bytes, text: str) -> tuple[bytes, bytes]:
    wrapped = vault.seal(key, bound_to=TENANT.bytes + PERSON.bytes)
    return wrapped, Vault([key]).seal(text.encode(), bound_to=TENANT.bytes + ROW.bytes)


def opened(
    vault: Vault, wrapped: bytes | None, sealed: bytes, *, person: UUID = PERSON, row: UUID = ROW
) -> str | None:
    keys = PersonKeys(define_table(MetaData()), vault)
    return keys.open(wrapped, sealed, tenant_id=TENANT, person_id=person, bound_to=row.bytes)


def test_a_text_opens_for_its_person_and_row_alone(vault: Vault) -> None:
    wrapped, sealed = sealed_with(vault, os.urandom(32), "Ready in spring.")

    assert opened(vault, wrapped, sealed) == "Ready in spring."
    assert opened(vault, wrapped, sealed, row=new_id()) is None
    assert opened(vault, wrapped, sealed, person=new_id()) is None
    assert opened(vault, None, sealed) is None


def test_the_services_own_key_does_not_open_what_a_persons_key_sealed(vault: Vault) -> None:
    _, sealed = sealed_with(vault, os.urandom(32), "Ready in spring.")

    with pytest.raises(Unsealable):
        vault.open(sealed, bound_to=TENANT.bytes + ROW.bytes)
    assert b"spring" not in sealed


def test_a_new_service_key_in_front_still_opens_the_persons_keys() -> None:
    old, new = os.urandom(32), os.urandom(32)
    wrapped, sealed = sealed_with(Vault([old]), os.urandom(32), "Ready in spring.")

    assert opened(Vault([new, old]), wrapped, sealed) == "Ready in spring."
    assert opened(Vault([new]), wrapped, sealed) is None


async def answered(vault: Vault, body: bytes, **further: Any) -> tuple[dict[bytes, bytes], bytes]:
    """What goes out when the views answer that."""
    sent: list[Any] = []

    async def views(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def receive() -> Any:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    keys = PersonKeys(define_table(MetaData()), vault)
    await Opened(views, keys, **further)({"type": "http"}, receive, send)
    start, end = sent
    return dict(start["headers"]), end["body"]


async def test_a_mark_in_an_answer_is_opened_and_the_length_is_the_new_ones(vault: Vault) -> None:
    wrapped, sealed = sealed_with(vault, os.urandom(32), 'Said "spring"\nand ü.')
    parts = (TENANT.hex, PERSON.hex, ROW.hex, wrapped.hex(), sealed.hex())
    line = f'1\t{{"note":"sealed-for-person:{":".join(parts)}"}}'

    headers, body = await answered(vault, line.encode())

    assert json.loads(body.partition(b"\t")[2]) == {"note": 'Said "spring"\nand ü.'}
    assert headers[b"content-length"] == str(len(body)).encode()


def marked(vault: Vault, document: Any, asked: Any, *, material: str = "") -> str:
    wrapped, sealed = sealed_with(vault, os.urandom(32), json.dumps(document))
    parts = [TENANT.hex, PERSON.hex, ROW.hex, wrapped.hex(), sealed.hex()]
    parts += [json.dumps(asked).encode().hex()]
    parts += ["2", material.encode().hex()] if material else []
    return f'"sealed-for-person:{":".join(parts)}"'


async def test_of_an_object_only_what_is_asked_comes_out_under_its_aliases(vault: Vault) -> None:
    document = {
        "code": "RIA",
        "scales": [{"code": "R", "raw": 7, "interval": {"low": 6, "high": 8}}, {"code": "I"}],
    }
    inner = [["low", "low", None, None]]
    select = [
        ["is", "code", None, None],
        ["of", None, "Scale", None],
        ["to", "interval", None, inner],
    ]
    wanted = {
        "type": {"name": "code", "make": "", "select": None},
        "scales": {"name": "scales", "make": "", "select": select},
        "nothing": {"name": "absent", "make": "", "select": select},
    }
    members = [f'"{name}":{marked(vault, document, each)}' for name, each in wanted.items()]

    _, body = await answered(vault, f"1\t{{{','.join(members)}}}".encode())

    assert json.loads(body.partition(b"\t")[2]) == {
        "type": "RIA",
        "scales": [
            {"is": "R", "of": "Scale", "to": {"low": 6}},
            {"is": "I", "of": "Scale", "to": None},
        ],
        "nothing": None,
    }


async def test_what_is_made_of_an_object_is_made_of_the_views_material(vault: Vault) -> None:
    asked = {"name": "", "make": "times", "select": [["n", "n", None, None]]}

    def times(document: Any, material: str, first: int) -> Any:
        return [{"n": document["n"] * int(each), "kept": "in"} for each in material.split()][:first]

    line = marked(vault, {"n": 3}, asked, material="1 2 3")
    _, body = await answered(vault, line.encode(), makers={"times": times})

    assert json.loads(body) == [{"n": 3}, {"n": 6}]


async def test_a_place_for_anothers_record_comes_of_a_code_and_never_of_other_text(
    vault: Vault,
) -> None:
    """What looks like a place in a text that somebody wrote stays a text."""
    found: list[dict[str, Any]] = [
        {"code": "15-1252.00"},
        {"code": "\x021:x\x01"},
        {"code": None},
        {"code": "a b"},
    ]
    document = {"found": found, "said": "\x010:15-1252.00\x02"}
    select = [["roles", "code", None, None, 3], ["code", "code", None, None]]
    places = marked(vault, document, {"name": "found", "make": "", "select": select})
    said = marked(vault, document, {"name": "said", "make": "", "select": None})

    _, body = await answered(vault, f'{{"found":{places},"said":{said}}}'.encode())

    assert body.count(b"\x01") == body.count(b"\x02") == 1
    assert b'[{"roles":\x013:15-1252.00\x02,"code":"15-1252.00"},' in body
    told = json.loads(body.replace(b"\x013:15-1252.00\x02", b'"laid in"'))
    assert [each["roles"] for each in told["found"]] == ["laid in", None, None, None]
    assert [each["code"] for each in told["found"]] == [each["code"] for each in found]
    assert told["said"] == document["said"]


@pytest.mark.parametrize(
    "title",
    [
        '"sealed-for-person:00:00:00:00:00"',
        "sealed-for-person:00:00:00:00:00",
        "sealed-for-person:0:0:0:0:0:0",
    ],
)
async def test_what_only_looks_like_a_mark_says_nothing(vault: Vault, title: str) -> None:
    forged = json.dumps({"title": title, "kept": "as it is"})

    _, body = await answered(vault, forged.encode())

    assert json.loads(body) == json.loads(forged)


ADA = Subject(
    person_id=PERSON,
    texts=frozenset({"ada@example.org"}),
    identifiers=frozenset({Identifier(system="hris", value="42")}),
)


@pytest.mark.parametrize(
    ("payload", "is_about"),
    [
        ({"personId": str(PERSON), "title": "Lead"}, True),
        ({"employeeId": str(PERSON)}, True),
        ({"managerId": str(PERSON), "personId": str(new_id())}, False),
        ({"leaderId": str(PERSON)}, False),
        ({"manager": {"email": "Ada@Example.org"}}, True),
        ({"displayName": "Write to ada@example.org"}, False),
        ({"system": "hris", "person": {"externalId": "42"}}, True),
        ({"system": "lms", "person": {"externalId": "42"}}, False),
        ({"system": "hris", "course": {"code": "42"}}, False),
        ("ada@example.org", False),
    ],
)
def test_whom_a_fact_is_about(payload: Any, is_about: bool) -> None:
    assert ADA.is_in(payload, of=str(new_id())) is is_about
    assert ADA.is_in(payload, of=str(PERSON)) is True
