# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A SPIFFE agent: the Workload API on a local socket, and the trust bundle of its domain."""

from __future__ import annotations

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
from spiffe._proto import workload_pb2, workload_pb2_grpc

from .signing import HOUR, SigningKey

SECURITY_HEADER = ("workload.spiffe.io", "true")


class Agent:
    """Issues JWT-SVIDs of one trust domain, with a key that the bundle contains. ``workload`` is the path of whoever
    asks at the socket; without one, nobody is registered."""

    def __init__(self, trust_domain: str, workload: str = "") -> None:
        self.trust_domain = trust_domain
        self.workload = workload
        self.key = SigningKey(curve=True)
        self.directory = Path(tempfile.mkdtemp(prefix="agent-"))
        self.server: Any = grpc.server(ThreadPoolExecutor(2))
        workload_pb2_grpc.add_SpiffeWorkloadAPIServicer_to_server(servicer_of(self), self.server)
        self.server.add_insecure_port(self.socket)
        self.server.start()

    @property
    def socket(self) -> str:
        return f"unix://{self.directory}/agent.sock"

    @property
    def bundle(self) -> str:
        """The trust bundle, as the method's static profile takes it."""
        return json.dumps({"keys": [self.key.jwk("jwt-svid")]})

    def svid(self, path: str, *audiences: str, expires_in: float = HOUR) -> str:
        return self.key.sign({"sub": f"spiffe://{self.trust_domain}{path}", "aud": list(audiences)}, expires_in)

    def stop(self) -> None:
        self.server.stop(0).wait()
        shutil.rmtree(self.directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def servicer_of(agent: Agent) -> Any:
    class Servicer(workload_pb2_grpc.SpiffeWorkloadAPIServicer):  # type: ignore[misc]
        def FetchJWTSVID(self, request: Any, context: Any) -> Any:
            if SECURITY_HEADER not in context.invocation_metadata():
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "security header missing from request")
            if not agent.workload:
                context.abort(grpc.StatusCode.PERMISSION_DENIED, "no identity issued")
            answer = workload_pb2.JWTSVIDResponse()
            spiffe_id = f"spiffe://{agent.trust_domain}{agent.workload}"
            answer.svids.add(spiffe_id=spiffe_id, svid=agent.svid(agent.workload, *request.audience))
            return answer

    return Servicer()
