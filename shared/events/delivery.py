"""One message in a worker's hand."""

from dataclasses import dataclass

from nats.aio.msg import Msg

from shared.events.facts import Envelope


@dataclass(slots=True)
class Delivery:
    """It is acknowledged after the commit, or comes again."""

    message: Msg
    settled: bool = False

    @property
    def deliveries(self) -> int:
        return self.message.metadata.num_delivered

    @property
    def redelivered(self) -> bool:
        return self.deliveries > 1

    @property
    def tenant(self) -> str:
        return self.message.subject.rpartition(".")[2]

    def read(self) -> Envelope:
        """Raises `KeyError` or `ValueError` on what is not one of our events."""
        return Envelope.read(self.message.headers or {}, self.message.data)

    async def acknowledge(self) -> None:
        self.settled = True
        await self.message.ack()

    async def postpone(self, seconds: float) -> None:
        self.settled = True
        await self.message.nak(delay=seconds)

    async def give_back(self) -> None:
        """What was not settled comes again at once."""
        if not self.settled:
            self.settled = True
            await self.message.nak()

    async def discard(self) -> None:
        self.settled = True
        await self.message.term()

    async def keep(self) -> None:
        """Asks for the full time again."""
        if not self.settled:
            await self.message.in_progress()
