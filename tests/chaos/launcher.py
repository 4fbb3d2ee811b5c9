"""`python -m tests.chaos.launcher HOME PORT`: the eight processes, on databases and a broker that are named."""

import asyncio
import sys
from pathlib import Path

from deploy.local.up import Start, up

if __name__ == "__main__":
    asyncio.run(up(Start(home=Path(sys.argv[1]), port=int(sys.argv[2]))))
