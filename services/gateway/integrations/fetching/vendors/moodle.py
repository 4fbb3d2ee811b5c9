"""Moodle's web services: the badges of a person by `core_badges_get_user_badges`; a token of the site's."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlencode

from services.gateway.integrations.fetching.calling import (
    FORM,
    Access,
    Unanswered,
    Unfetchable,
    read,
    request,
)
from services.gateway.integrations.fetching.rules import DENIED
from services.gateway.integrations.fetching.vendors.terms import Record, VendorApi
from services.gateway.integrations.webhooks.events import (
    CredentialIssued,
    CredentialReference,
    PersonReference,
    Said,
)
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping.terms import (
    Id,
    Maybe,
    Moment,
    Sent,
    Word,
    read_as,
)

DOOR = "/webservice/rest/server.php"
REFUSED = {"invalidtoken", "accessexception", "servicenotavailable", "nopermissions"}


class Moodle:
    """Failures come as 200 with an `errorcode`."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def one(self, kind: str, external_id: str) -> bytes | None:
        person, parted, badge = external_id.partition("/")
        if kind != "badge" or not parted:
            raise Unfetchable(f"Of Moodle, {kind} is not asked for.")
        told = await self._call("core_badges_get_user_badges", userid=person)
        badges = told.get("badges")
        if not isinstance(badges, list):
            raise Unanswered("The answer holds no badges.")
        mine = [each for each in badges if isinstance(each, dict) and str(each.get("id")) == badge]
        return json.dumps(mine[0]).encode() if mine else None

    async def _call(self, function: str, **arguments: str) -> dict[str, Any]:
        asked = {
            "wstoken": self._access.secret,
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **arguments,
        }
        answer = read(await request(self._access, "POST", DOOR, FORM, urlencode(asked).encode()))
        if answer is None or not isinstance(answer.content, dict):
            raise Unanswered("The site has no web services at this address.")
        if code := answer.content.get("errorcode"):
            refused = str(code) in REFUSED
            raise Unanswered("The site refuses the call.", pause=DENIED if refused else None)
        return answer.content

    def listing(self) -> AsyncIterator[Sequence[Record]]:
        raise Unfetchable("The listing of Moodle is not read.")


class _Badge(Sent):
    id: Id
    name: Word
    issuername: Maybe = None
    dateissued: Moment
    dateexpire: Moment | None = None
    uniquehash: Maybe = None


def facts(_kind: str, external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    told = read_as(_Badge, content)
    credential = CredentialReference(
        external_id=told.uniquehash or told.id,
        type="BADGE",
        name=told.name,
        issuer=told.issuername,
    )
    return [
        CredentialIssued(
            connection_id=origin.connection_id,
            delivery_id=origin.delivery_id,
            system=origin.system,
            said_at=origin.sent_at,
            person=PersonReference(external_id=external_id.partition("/")[0]),
            credential=credential,
            issued_on=told.dateissued.date(),
            expires_on=told.dateexpire.date() if told.dateexpire else None,
        )
    ]


API = VendorApi(connect=Moodle, facts=facts, needs_client_id=False)
