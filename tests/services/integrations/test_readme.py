"""The signing examples of the README, as somebody copies them."""

import re
import subprocess
from pathlib import Path
from typing import Any

import services.gateway.integrations as package

README = (Path(package.__path__[0]) / "README.md").read_text()


def block(language):
    (code,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return code


async def test_the_python_example_signs(lms):
    names: dict[str, Any] = {}
    exec(block("python"), names)
    body = block("json").encode()

    answer = await lms.post(body, names["signed_headers"](lms.secret, "evt-1", body))
    await lms.work()

    assert answer.status_code == 202
    assert [each["state"] for each in await lms.deliveries()] == ["PUBLISHED"]


async def test_the_shell_example_signs(lms, tmp_path):
    """With a `curl` that writes down what it was told to send."""
    told = tmp_path / "told"
    script = 'curl() { printf "%s\\0" "$@" > "$TOLD"; }\n' + block("sh")
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "SECRET": lms.secret,
        "URL": "http://waymark.example/webhooks/x",
        "ID": "evt-1",
        "TOLD": str(told),
    }

    subprocess.run(["sh", "-euc", script], env=environment, check=True)
    words = told.read_text().split("\0")[:-1]
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    answer = await lms.post(words[-1].encode(), headers)
    await lms.work()

    assert answer.status_code == 202
    assert [each["state"] for each in await lms.deliveries()] == ["PUBLISHED"]
