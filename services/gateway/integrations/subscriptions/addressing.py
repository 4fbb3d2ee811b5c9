"""Hands the rules of addresses, and what sends by them, down to the routes."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from shared.addresses import AddressRules
from shared.outward import Outward


def provide(outward: Outward) -> Callable[[Request], Awaitable[None]]:
    """A dependency for a router, like the vault's."""

    async def provided(request: Request) -> None:
        request.state.outward = outward

    return provided


async def _outward(request: Request) -> Outward:
    outward: Outward = request.state.outward
    return outward


async def _rules(request: Request) -> AddressRules:
    return (await _outward(request)).rules


Sending = Annotated[Outward, Depends(_outward)]
Rules = Annotated[AddressRules, Depends(_rules)]
