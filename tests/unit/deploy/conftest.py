import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """A WAYMARK_HOME that an unprivileged database can reach, which pytest's own folders are not for root."""
    with tempfile.TemporaryDirectory(prefix="waymark-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"
