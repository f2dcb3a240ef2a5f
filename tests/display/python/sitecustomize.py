# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read by every Python that Ansible starts: the system's log goes to a file, and a module prints more than its result
where a test asks for that."""

import os
import syslog

if os.environ.get("SYSTEM_LOG"):

    def written(*message: object) -> None:
        with open(os.environ["SYSTEM_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{message[-1]}\n")

    setattr(syslog, "syslog", written)  # noqa: B010 - its type has two forms

if os.environ.get("PRINT_FIRST"):
    print(os.environ["PRINT_FIRST"], flush=True)
