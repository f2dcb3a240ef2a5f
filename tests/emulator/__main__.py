# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run the emulator from a shell: `python -m tests.emulator`."""

from __future__ import annotations

import argparse
import signal
import threading

from .profiles import PROFILES
from .server import Emulator


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="current", help="the server release to play")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--plan", choices=["enterprise", "free"], default="enterprise")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--read-limit", type=int, help="GET requests a window")
    parser.add_argument("--write-limit", type=int, help="other requests, and logins, a window")
    parser.add_argument("--limit-window", type=float, default=60, help="seconds")
    parser.add_argument("--tls", action="store_true", help="serve https with a certificate made on the spot")
    parser.add_argument("--aws", action="store_true", help="start moto's AWS beside it")
    parser.add_argument("--seed", help="the same text gives the same credentials")
    parser.add_argument("--rotation-check", choices=["first", "after"], default="after")
    return parser.parse_args()


def main() -> None:
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: stopped.set())
    with Emulator(**vars(options())) as emulator:
        print(f"INFISICAL_URL={emulator.url}")
        print(f"INFISICAL_UNIVERSAL_AUTH_CLIENT_ID={emulator.client_id}")
        print(f"INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET={emulator.client_secret}")
        print(f"EMULATOR_ORGANIZATION_ID={emulator.organization_id}")
        if emulator.ca_path:
            print(f"INFISICAL_CA_PATH={emulator.ca_path}")
        if emulator.aws_account:
            print(f"AWS_ENDPOINT_URL={emulator.aws_account.url}")
            print(f"EMULATOR_AWS_ACCESS_KEY_ID={emulator.aws_account.access_key_id}")
            print(f"EMULATOR_AWS_SECRET_ACCESS_KEY={emulator.aws_account.secret_access_key}")
        print(end="", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
