"""The real launcher with stand-ins for the services: `python launcher.py`, settings from the environment."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.home import home_path
from deploy.local.installation import Installation
from deploy.local.problems import Refused
from deploy.local.supervisor import Child
from deploy.local.up import Start, up

STANDIN = Path(__file__).with_name("standin.py")


def stand_ins(home: Path, settings: Mapping[str, str], doors: Mapping[str, str]) -> list[Child]:
    return [
        Child(
            name,
            (sys.executable, "-X", f"waymark={home}", str(STANDIN), url.rpartition(":")[2]),
            os.environ | {"WAYMARK_INSTANCE": settings["WAYMARK_INSTANCE"]},
        )
        for name, url in doors.items()
    ]


async def nobody_new(installation: Installation) -> str:
    return "ada@example.com"


if __name__ == "__main__":
    port = int(os.environ.get("WAYMARK_PORT", "8000"))
    try:
        asyncio.run(up(Start(home_path(), port, after_ready=nobody_new, make_children=stand_ins)))
    except Refused as refusal:
        raise SystemExit(str(refusal)) from None
