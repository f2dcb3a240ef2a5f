# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The file that a credential is delivered to: validation, reading and replacement, without knowledge of HTTP.

It is an environment file with the address of the server and the credential. It is replaced as a whole by a temporary
file, which is created and filled with a placeholder beforehand, so that a full or read-only disk is detected before a
credential is created.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

URL = "INFISICAL_URL"

# Shells, systemd and container runtimes read such files with different rules for quotes. Only characters without a
# special meaning in any of them can be written.
VALUE = re.compile(r"[A-Za-z0-9_.+/=:@-]{1,4096}\Z")
ADDRESS = re.compile(r"[A-Za-z0-9_.+/=:@%~,\[\]-]{1,2048}\Z")
RESERVED = 8192
"""Size of the placeholder in bytes: more than an address and the longest credential."""
LARGEST = 65536
"""Maximum number of bytes to read of an existing file."""
TEMPORARY = ".infisical-"
"""Prefix of the names of temporary files. A file that a killed run left behind can be deleted."""


@dataclass(frozen=True)
class Found:
    """An existing file. ``values`` are the values by name, None if they are incomplete; ``is_ours`` says whether it is
    a file of this kind at all. ``permissions`` are its mode bits."""

    values: Mapping[str, str] | None
    is_ours: bool
    permissions: int


class CredentialFile:
    """The file at ``path``, which need not exist yet. ``names`` are the names of its values, the address first;
    ``noun`` is what it is for in messages."""

    def __init__(self, path: str, names: Sequence[str], noun: str) -> None:
        self.path = path
        self.names = names
        self.noun = noun
        self.directory, self.name = os.path.split(path)

    def errors(self) -> list[str]:
        """Returns the reasons why the file cannot be written, as phrases that follow the name of the option."""
        error = self._path_error() or self._directory_error() or self._file_error()
        return [error] if error else []

    def warnings(self) -> list[str]:
        try:
            mode = os.stat(self.directory).st_mode
        except OSError:
            return []
        if not mode & stat.S_IWOTH or mode & stat.S_ISVTX:
            return []
        return [
            f"Everybody on this host can replace files in {self.directory}, including {self.name}."
            f" Remove the write permission of others: chmod o-w {self.directory}"
        ]

    def found(self) -> Found | None:
        """Reads the file. Returns None if it does not exist or cannot be read."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return None
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                return None
            raw = read_all(handle, LARGEST + 1)
        except OSError:
            return None
        finally:
            os.close(handle)
        ours = not raw.strip() or any(name.encode() in raw for name in self.names if name != URL)
        return Found(values_of(raw, self.names), ours, stat.S_IMODE(about.st_mode))

    def draft(self) -> Draft:
        """Creates a temporary file with the placeholder in the same directory. Raises OSError."""
        return Draft(self)

    def _path_error(self) -> str | None:
        try:
            os.fsencode(self.path)
        except ValueError:
            return "must be the path of a file, got characters that no path can have"
        if "\0" in self.path:
            return "must be the path of a file, got a NUL character"
        if not os.path.isabs(self.path):
            # A run from another directory would not find the file, and would create another credential.
            return f"must be an absolute path, got '{self.path}'"
        if self.name in ("", ".", ".."):
            return f"must be the path of a file, got '{self.path}'"
        return None

    def _directory_error(self) -> str | None:
        try:
            about = os.stat(self.directory)
        except OSError as error:
            return f"'{self.path}' cannot be written: its directory does not exist or cannot be read ({error.strerror})"
        if not stat.S_ISDIR(about.st_mode):
            return f"'{self.path}' cannot be written: {self.directory} is not a directory"
        effective = os.access in os.supports_effective_ids
        if not os.access(self.directory, os.R_OK | os.W_OK | os.X_OK, effective_ids=effective):
            return f"'{self.path}' cannot be written: its directory cannot be written by user id {os.geteuid()}"
        return None

    def _file_error(self) -> str | None:
        try:
            about = os.lstat(self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"'{self.path}' cannot be written: {error.strerror}"
        wrong = unsafe_owner_error(about)
        if wrong:
            return f"'{self.path}' {wrong}"
        found = self.found()
        if found is not None and not found.is_ours:
            # The path is probably a mistake, and the file would be lost.
            return f"'{self.path}' contains something other than a {self.noun}; delete it, or set another path"
        return None


class Draft:
    """The temporary file, which is finally delivered or discarded."""

    def __init__(self, target: CredentialFile) -> None:
        self.target = target
        self.name = TEMPORARY + secrets.token_hex(8)
        self.handle = -1
        self.directory = os.open(target.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self.handle = os.open(self.name, flags, 0o600, dir_fd=self.directory)
            # The mode is at most 0600 from the beginning. This restores permissions of the owner that an unusual umask
            # removed.
            os.fchmod(self.handle, 0o600)
            # Random bytes, because a file system cannot compress them.
            write_all(self.handle, os.urandom(RESERVED))
            os.fsync(self.handle)
        except BaseException:
            self.discard()
            raise

    def deliver(self, values: Mapping[str, str]) -> None:
        """Writes the values and moves the file to its final path. If that fails, raises OSError and keeps the old
        file."""
        content = content_of(values, self.target.names)
        os.lseek(self.handle, 0, os.SEEK_SET)
        write_all(self.handle, content)
        os.ftruncate(self.handle, len(content))
        os.fsync(self.handle)
        self._look_again()
        os.replace(self.name, self.target.name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        self.name = ""
        try:
            os.fsync(self.directory)
        except OSError:
            # The file is in place. Not every file system can sync a directory.
            pass
        self.discard()

    def discard(self) -> None:
        """Removes the temporary file if it still exists."""
        try:
            if self.name and self.handle >= 0:
                os.unlink(self.name, dir_fd=self.directory)
        except OSError:
            # It can only contain the placeholder or a credential that will be revoked, and nobody else can read it.
            pass
        for handle in (self.handle, self.directory):
            if handle >= 0:
                os.close(handle)
        self.name, self.handle, self.directory = "", -1, -1

    def _look_again(self) -> None:
        """Raises OSError if the path now has a file that must not be replaced."""
        try:
            about = os.lstat(self.target.name, dir_fd=self.directory)
        except FileNotFoundError:
            return
        error = unsafe_owner_error(about)
        if error:
            raise OSError(0, f"'{self.target.path}' {error}")


def unsafe_owner_error(about: os.stat_result) -> str | None:
    """Returns why an existing file must not be replaced, as a phrase that follows the
    path. None if it may be replaced."""
    if stat.S_ISLNK(about.st_mode):
        return "is a symbolic link; set the path of the file itself"
    if stat.S_ISDIR(about.st_mode):
        return "is a directory; set the path of a file"
    if not stat.S_ISREG(about.st_mode):
        return "is not a regular file"
    if about.st_uid != os.geteuid():
        return (
            f"belongs to user id {about.st_uid}, and the module runs as user id {os.geteuid()};"
            " run it as that user, or set another path"
        )
    return None


def content_of(values: Mapping[str, str], names: Sequence[str]) -> bytes:
    return "".join(f"{name}={values[name]}\n" for name in names).encode("ascii")


def values_of(raw: bytes, names: Sequence[str]) -> Mapping[str, str] | None:
    """Parses the content of a file. Returns None unless it contains each value exactly
    once, in the form written here."""
    try:
        lines = raw.decode("ascii").splitlines() if len(raw) <= LARGEST else []
    except ValueError:
        return None
    values: dict[str, str] = {}
    for line in lines:
        name, _equals, value = line.strip().partition("=")
        if name not in names:
            continue
        if name in values or not (ADDRESS if name == URL else VALUE).match(value):
            return None
        values[name] = value
    return values if len(values) == len(names) else None


def read_all(handle: int, most: int) -> bytes:
    raw = b""
    while len(raw) < most:
        part = os.read(handle, most - len(raw))
        if not part:
            break
        raw += part
    return raw


def write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]
