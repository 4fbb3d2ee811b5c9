"""Does a delivery come from who it says: one module a scheme, on raw bytes, before anything is parsed."""

from collections.abc import Mapping

from services.gateway.integrations.connections.rules import VerifierKind
from services.gateway.integrations.webhooks.verifying.hmac_hex import HmacSha256HexTimestamp
from services.gateway.integrations.webhooks.verifying.hmac_sha512 import HmacSha512Base64
from services.gateway.integrations.webhooks.verifying.jwt_jwks import JwtJwks
from services.gateway.integrations.webhooks.verifying.oauth2_bearer import OAuth2Bearer
from services.gateway.integrations.webhooks.verifying.standard import StandardWebhooks
from services.gateway.integrations.webhooks.verifying.terms import (
    Asked,
    AskingVerifier,
    DeliveryStale,
    DeliveryUnidentified,
    Presented,
    SignatureWrong,
    Verified,
    Verifier,
)
from services.gateway.integrations.webhooks.verifying.url_secret import UrlSecret

VERIFIERS: Mapping[VerifierKind, Verifier] = {
    VerifierKind.STANDARD_WEBHOOKS: StandardWebhooks(),
    VerifierKind.HMAC_SHA256_HEX_TIMESTAMP: HmacSha256HexTimestamp(),
    VerifierKind.HMAC_SHA512_BASE64: HmacSha512Base64(),
    VerifierKind.URL_SECRET: UrlSecret(),
}
ASKING: Mapping[VerifierKind, AskingVerifier] = {
    VerifierKind.JWT_JWKS: JwtJwks(),
    VerifierKind.OAUTH2_BEARER: OAuth2Bearer(),
}

__all__ = [
    "ASKING",
    "VERIFIERS",
    "Asked",
    "AskingVerifier",
    "DeliveryStale",
    "DeliveryUnidentified",
    "Presented",
    "SignatureWrong",
    "StandardWebhooks",
    "Verified",
    "Verifier",
]
