# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imported by every Python that Ansible starts: redirects the system log to a file, and makes a module print more than
its result if a test requests that."""

import os
import syslog

if os.environ.get("SYSTEM_LOG"):

    def written(*message: object) -> None:
        with open(os.environ["SYSTEM_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{message[-1]}\n")

    setattr(syslog, "syslog", written)  # noqa: B010 - its type has two forms

if os.environ.get("PRINT_FIRST"):
    print(os.environ["PRINT_FIRST"], flush=True)
