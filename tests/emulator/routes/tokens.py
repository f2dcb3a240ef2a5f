# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Renewal and revocation of access tokens, and the status page."""

from __future__ import annotations

from .. import tokens
from ..call import Call
from ..routing import Routes
from ..schema import required, shape, text
from ..world import Row

routes = Routes()

BODY = shape({"accessToken": required(text(trim=True))})


@routes.add("POST", "/api/v1/auth/token/renew", token=False, login=True)
def renew(call: Call) -> Row:
    return tokens.renew(call.world, call.read(BODY)["accessToken"])


@routes.add("POST", "/api/v1/auth/token/revoke", token=False, login=True)
def revoke(call: Call) -> Row:
    tokens.revoke(call.world, call.read(BODY)["accessToken"])
    return {"message": "Successfully revoked access token"}


@routes.add("GET", "/api/status", limit=None, token=False)
def status(call: Call) -> Row:
    return {
        "date": call.now(),
        "message": "Ok",
        "emailConfigured": True,
        "inviteOnlySignup": True,
        "redisConfigured": True,
        "secretScanningConfigured": False,
    }
