# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The environment for the examples of the documentation: identities, projects, variables and placeholders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .aws_world import connection, folder, rotator
from .harness import Variables
from .stage import Actor

PLACEHOLDERS = ("https://infisical.example.com", "https://app.infisical.com", "https://eu.infisical.com")
"""Placeholder addresses in examples for the reader's server."""

CLIENT_ID = "4f3c2e12-68d3-4676-93cb-94863e4ddcaf"
IDENTITY_ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


class ExampleWorld:
    """One emulator with the objects that the examples use."""

    def __init__(self, actor: Actor, directory: Path) -> None:
        self.actor = actor
        self.directory = directory
        # Whatever gateway an example names, there is one.
        actor.emulator.service.world.any_gateway = True
        self.identity_id = actor.identity("billing-api", "member")
        self.project_id = actor.project("Billing", "billing")

    def filled_in(self, text: str) -> str:
        """Returns an example with the placeholders replaced by the emulator's address and ids."""
        for placeholder in PLACEHOLDERS:
            text = text.replace(placeholder, self.actor.emulator.url)
        return text.replace(CLIENT_ID, self.actor.emulator.client_id).replace(IDENTITY_ID, self.identity_id)

    def variables(self, name: str) -> Variables:
        """Creates what every example, and this one in particular, requires."""
        common = {
            "infisical_client_secret": self.actor.emulator.client_secret,
            "client_id": self.actor.emulator.client_id,
            "client_secret": self.actor.emulator.client_secret,
            "cluster_ca_certificate": "-----BEGIN CERTIFICATE-----\nMIHJ\n-----END CERTIFICATE-----",
            "reviewer_jwt": "jwt-of-a-reviewer-of-examples",
            "bind_password": "password-of-a-directory-of-examples",
            "credentials_directory": str(self.directory),
            "export_directory": str(self.directory),
        }
        setup = setup_of(name)
        return {**common, **(setup(self) if setup else {})}


def with_aws(world: ExampleWorld) -> Variables:
    """Creates an AWS account and a separate project."""
    world.actor.project("Reports", "reports")
    return rotator(world.actor)


def with_connection(world: ExampleWorld) -> Variables:
    """Creates a connection to that account, and a folder for the secrets of a rotation."""
    variables = with_aws(world)
    connection(world.actor, "aws-billing")
    folder(world.actor, world.project_id, "prod", "aws")
    return variables


def with_group(world: ExampleWorld) -> Variables:
    """Creates a group."""
    world.actor.group("Services", "services")
    return {}


def with_reports(world: ExampleWorld) -> Variables:
    """Creates a second identity."""
    world.actor.identity("reports")
    return {}


SETUP: dict[str, Callable[[ExampleWorld], Variables]] = {
    "aws_connection": with_aws,
    "aws_connection_info": with_connection,
    "aws_iam_rotation": with_connection,
    "docs/key-rotation.md": with_connection,
    "group_identity": with_group,
    "identity_id": with_reports,
}
"""Additional requirements of an example, by module or document. Examples that need AWS are in here."""


def setup_of(name: str) -> Callable[[ExampleWorld], Variables] | None:
    """Returns the set-up of a module's example, or of a block of a document, whose name contains its line."""
    return SETUP.get(name.partition(":")[0])
