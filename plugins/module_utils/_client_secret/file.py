# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The file that a client secret is delivered to: checked, read and replaced, without knowing of HTTP.

It is an environment file of three lines. It is replaced as a whole, by a temporary file that is made and filled with a
placeholder beforehand, so that a full or read-only disk shows before a secret is made and not after.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from dataclasses import dataclass

URL = "INFISICAL_URL"
CLIENT_ID = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"
CLIENT_SECRET = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"

# Files like this are read by shells, by systemd and by container runtimes, which have different rules for quotes: only
# what none of them gives a meaning to can be written.
VALUE = re.compile(r"[A-Za-z0-9_.+/=:@-]{1,1024}\Z")
ADDRESS = re.compile(r"[A-Za-z0-9_.+/=:@%~,\[\]-]{1,2048}\Z")
RESERVED = 8192
"""Bytes of the placeholder: more than three lines of the longest values."""
LARGEST = 65536
"""Bytes up to which a file that is there is read."""
TEMPORARY = ".infisical-"
"""What the name of a temporary file begins with. One that a killed run left behind may be deleted."""


@dataclass(frozen=True)
class Credentials:
    """What the file holds."""

    url: str
    client_id: str
    client_secret: str

    def content(self) -> bytes:
        lines = ((URL, self.url), (CLIENT_ID, self.client_id), (CLIENT_SECRET, self.client_secret))
        return "".join(f"{name}={value}\n" for name, value in lines).encode("ascii")


@dataclass(frozen=True)
class Found:
    """A file that is there. ``credentials`` is None when it does not hold them whole; ``is_ours`` says whether it was
    meant to. ``permissions`` are its mode bits."""

    credentials: Credentials | None
    is_ours: bool
    permissions: int


class SecretFile:
    """The file at ``path``, which need not be there yet."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.directory, self.name = os.path.split(path)

    def errors(self) -> list[str]:
        """What stands in the way of writing it, each as the end of a sentence that begins with the option."""
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
            f"Everybody on this host can replace files in {self.directory}, {self.name} among them."
            f" Take the right to write away from others: chmod o-w {self.directory}"
        ]

    def found(self) -> Found | None:
        """What is there, as data; None when there is no file, or none that can be read."""
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
        ours = not raw.strip() or CLIENT_ID.encode() in raw or CLIENT_SECRET.encode() in raw
        return Found(credentials_of(raw), ours, stat.S_IMODE(about.st_mode))

    def draft(self) -> Draft:
        """A temporary file beside it, proved to be writable. Raises OSError."""
        return Draft(self)

    def _path_error(self) -> str | None:
        try:
            os.fsencode(self.path)
        except ValueError:
            return "must be the path of a file, got characters that no path can have"
        if "\0" in self.path:
            return "must be the path of a file, got a NUL character"
        if not os.path.isabs(self.path):
            # A run from somewhere else would not find the file, and would make another secret.
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
            return f"'{self.path}' cannot be written: {self.directory} is no directory"
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
            # Most likely the path is a mistake, and the file would be gone.
            return f"'{self.path}' holds something else than client credentials; delete it, or give another path"
        return None


class Draft:
    """The temporary file. It ends either delivered or discarded."""

    def __init__(self, target: SecretFile) -> None:
        self.target = target
        self.name = TEMPORARY + secrets.token_hex(8)
        self.handle = -1
        self.directory = os.open(target.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self.handle = os.open(self.name, flags, 0o600, dir_fd=self.directory)
            # The mode is 0600 or less from the first moment; this undoes what an odd umask takes from the owner.
            os.fchmod(self.handle, 0o600)
            # Random bytes, which no file system can store in less space.
            write_all(self.handle, os.urandom(RESERVED))
            os.fsync(self.handle)
        except BaseException:
            self.discard()
            raise

    def deliver(self, credentials: Credentials) -> None:
        """Puts the file with these credentials in its place. Raises OSError, with the old file where it was."""
        content = credentials.content()
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
            # The file is in its place; not every file system can do this for a directory.
            pass
        self.discard()

    def discard(self) -> None:
        """Removes the temporary file, if it is still there."""
        try:
            if self.name and self.handle >= 0:
                os.unlink(self.name, dir_fd=self.directory)
        except OSError:
            # Only the placeholder can be in it, or a secret that is about to be revoked; nobody else can read it.
            pass
        for handle in (self.handle, self.directory):
            if handle >= 0:
                os.close(handle)
        self.name, self.handle, self.directory = "", -1, -1

    def _look_again(self) -> None:
        """Raises OSError when something has come into the file's place that must not be replaced."""
        try:
            about = os.lstat(self.target.name, dir_fd=self.directory)
        except FileNotFoundError:
            return
        error = unsafe_owner_error(about)
        if error:
            raise OSError(0, f"'{self.target.path}' {error}")


def unsafe_owner_error(about: os.stat_result) -> str | None:
    """Why what is there is not to be replaced, as the end of a sentence."""
    if stat.S_ISLNK(about.st_mode):
        return "is a symbolic link; give the path of the file itself"
    if stat.S_ISDIR(about.st_mode):
        return "is a directory; give the path of a file"
    if not stat.S_ISREG(about.st_mode):
        return "is no regular file"
    if about.st_uid != os.geteuid():
        return (
            f"belongs to user id {about.st_uid}, and the module runs as user id {os.geteuid()};"
            " run it as that user, or give another path"
        )
    return None


def credentials_of(raw: bytes) -> Credentials | None:
    """The credentials in the content of a file; None unless each of them is in it once, as it is written here."""
    try:
        lines = raw.decode("ascii").splitlines() if len(raw) <= LARGEST else []
    except ValueError:
        return None
    values: dict[str, str] = {}
    for line in lines:
        name, _equals, value = line.strip().partition("=")
        if name not in (URL, CLIENT_ID, CLIENT_SECRET):
            continue
        if name in values or not (ADDRESS if name == URL else VALUE).match(value):
            return None
        values[name] = value
    if len(values) < 3:
        return None
    return Credentials(values[URL], values[CLIENT_ID], values[CLIENT_SECRET])


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
