"""What Waymark sends, verified by another language's own cryptography, both schemes."""

import json
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from services.gateway.integrations.outbound.rules import Told, written
from services.gateway.integrations.subscriptions import signing
from services.gateway.integrations.subscriptions.rules import WebhookFormat, WebhookSigning
from shared.ids import new_id

VERIFY = """
const { createHmac, createPublicKey, timingSafeEqual, verify } = require("node:crypto");
const { key, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
const raw = Buffer.from(key.replace(/^wh(sec|pk)_/, ""), "base64");
const right = headers["webhook-signature"].split(" ").some((each) => {
  const [version, signature] = each.split(",");
  const given = Buffer.from(signature, "base64");
  if (version === "v1" && key.startsWith("whsec_")) {
    return timingSafeEqual(createHmac("sha256", raw).update(signed).digest(), given);
  }
  if (version === "v1a" && key.startsWith("whpk_")) {
    const x = raw.toString("base64url");
    const jwk = { kty: "OKP", crv: "Ed25519", x };
    return verify(null, Buffer.from(signed), createPublicKey({ key: jwk, format: "jwk" }), given);
  }
  return false;
});
process.stdout.write(right ? "right" : "wrong");
"""


@pytest.mark.parametrize("form", WebhookFormat)
@pytest.mark.parametrize("kind", WebhookSigning)
def test_node_verifies_both_keys_of_a_rotation_and_no_other(kind, form):
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no `node` on the PATH; it is only used to verify our signatures")
    now = datetime.now(UTC)
    payload = {"title": "Zoë’s rôle 日本"}
    told = Told(new_id(), "waymark.goals.role.published.v1", "r1", 3, now, payload)
    body = written(told, form)
    keys = [signing.new_key(kind) for _ in range(3)]
    headers = signing.headers(kind, keys[:2], message_id=str(told.id), sent_at=now, body=body)

    def verdict(key: bytes, sent: str) -> str:
        public = signing.public_key(kind, key)
        shown = signing.spelled_public(public) if public else signing.spelled_secret(key)
        asked = json.dumps({"key": shown, "headers": headers, "body": sent})
        found = subprocess.run(
            [node, "-e", VERIFY], input=asked, capture_output=True, text=True, check=True
        )
        return found.stdout

    assert [verdict(key, body.decode()) for key in keys] == ["right", "right", "wrong"]
    assert verdict(keys[0], body.decode() + " ") == "wrong"
