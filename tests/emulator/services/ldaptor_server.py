# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Serves the entries of an LDIF file with ldaptor, and prints the port. A process of its own, because Twisted's loop
can run only once in a process."""

from __future__ import annotations

import sys
from typing import Any

from ldaptor.inmemory import fromLDIFFile
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter


class Factory(ServerFactory):  # type: ignore[misc]
    """Every connection serves the same tree."""

    protocol = LDAPServer

    def __init__(self, root: Any) -> None:
        self.root = root


def serve(root: Any) -> None:
    listening = reactor.listenTCP(0, Factory(root), interface="127.0.0.1")
    print(listening.getHost().port, flush=True)


if __name__ == "__main__":
    registerAdapter(lambda factory: factory.root, Factory, IConnectedLDAPEntry)
    with open(sys.argv[1], "rb") as file:
        fromLDIFFile(file).addCallback(serve)
    reactor.run()
