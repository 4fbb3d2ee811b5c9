"""Ending a connection to the broker that may have broken a moment ago."""

from contextlib import suppress

from nats.aio.client import Client


async def hang_up(client: Client) -> None:
    """Closes it. What is still to be written then goes with the connection: acknowledgements come again by themselves.

    nats-py writes that out before it closes, and raises what a connection that the other end has left answers.
    """
    with suppress(OSError):
        await client.close()
