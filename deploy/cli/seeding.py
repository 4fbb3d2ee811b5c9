"""`waymark seed`: the demo company, in an empty Waymark."""

import asyncio
from importlib import import_module

from deploy.cli.output import write_json
from deploy.local.installation import Installation, running_installation


async def fill(made: Installation) -> str:
    """Seeds the demo company when Waymark is empty; the subject of the person to look as."""
    seeding = import_module("deploy.cli.seed")
    await seeding.seed_demo(made)
    subject: str = seeding.demo_subject
    return subject


def seed(*, as_json: bool) -> None:
    subject = asyncio.run(fill(running_installation()))
    if as_json:
        write_json({"subject": subject})
    else:
        print(f"The demo company is there. Look as {subject}: `waymark token --as {subject}`.")
