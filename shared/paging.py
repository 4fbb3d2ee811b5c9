"""Cursor pages for REST collections: by a key that never moves, never by offset."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.problems import Invalid

Row = TypeVar("Row")
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page a caller wants: at most `limit` rows after the one that the cursor names."""

    limit: int
    after: UUID | None


def _page_request(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows a page.")] = 25,
    after: Annotated[str | None, Query(description="The cursor of the Link header.")] = None,
) -> PageRequest:
    return PageRequest(limit, None if after is None else _decode(after))


Paging = Annotated[PageRequest, Depends(_page_request)]


async def page_of(
    session: AsyncSession,
    rows: Select[Row],
    *,
    key: InstrumentedAttribute[UUID],
    page: PageRequest,
) -> tuple[Sequence[Row], UUID | None]:
    """The page's rows in the key's order, and the key to go on after, or None on the last page."""
    if page.after is not None:
        rows = rows.where(key > page.after)
    found = (await session.scalars(rows.order_by(key).limit(page.limit + 1))).all()
    if len(found) <= page.limit:
        return found, None
    return found[: page.limit], getattr(found[page.limit - 1], key.key)


def link_next(request: Request, response: Response, after: UUID | None) -> None:
    """Announces the next page as an RFC 8288 Link header."""
    if after is not None:
        target = request.url.include_query_params(after=_encode(after))
        response.headers["Link"] = f'<{target.path}?{target.query}>; rel="next"'


def _encode(key: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": str(key)}).encode()).decode().rstrip("=")


def _decode(cursor: str) -> UUID:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        content: Any = json.loads(base64.urlsafe_b64decode(padded))
        return UUID(content["after"])
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError):
        raise Invalid.field("query:after", "use a cursor as the Link header gave it") from None
