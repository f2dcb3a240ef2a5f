# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The file of a credential: validation, content, and failures of the disk."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._issued import file
from ansible_collections.machineid.infisical.plugins.module_utils._issued.client_secret import CLIENT_SECRET
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import (
    RESERVED,
    CredentialFile,
    content_of,
    values_of,
)

NAMES = CLIENT_SECRET.values
ADDRESS = "https://infisical.example.com"
CLIENT_ID = "4f3c2e12-68d3-4676-93cb-94863e4ddcaf"
OURS = dict(zip(NAMES, (ADDRESS, CLIENT_ID, "a1" * 32), strict=True))
OTHERS = dict(zip(NAMES, (ADDRESS, CLIENT_ID, "b2" * 32), strict=True))


def file_at(path: Path | str) -> CredentialFile:
    return CredentialFile(str(path), NAMES, CLIENT_SECRET.noun)


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "app.env"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def errors(path: Path | str) -> str:
    return "; ".join(file_at(path).errors())


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_foreign(path: Path) -> None:
    path.write_text("export PATH=/usr/bin\n")


def make_link(path: Path) -> None:
    (path.parent / "target").write_text("")
    path.symlink_to("target")


def make_dangling(path: Path) -> None:
    path.symlink_to("nowhere")


THERE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "directory": (Path.mkdir, "is a directory"),
    "link": (make_link, "is a symbolic link"),
    "dangling-link": (make_dangling, "is a symbolic link"),
    "fifo": (make_fifo, "is not a regular file"),
    "something-else": (make_foreign, "contains something other than a client secret"),
}


@pytest.mark.parametrize("what", THERE)
def test_what_must_not_be_replaced_is_rejected(dest: Path, what: str) -> None:
    make, words = THERE[what]
    make(dest)
    assert words in errors(dest) and str(dest) in errors(dest)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("app.env", "absolute path"),
        ("~nobody-has-this/app.env", "absolute path"),
        ("/tmp/", "must be the path of a file"),
        ("/tmp/..", "must be the path of a file"),
        ("/tmp/a\0b", "NUL"),
        ("/tmp/\ud800", "characters that no path can have"),
        ("/no/such/directory/x", "its directory does not exist"),
        ("/etc/passwd/x", "/etc/passwd is not a directory"),
        ("/tmp/" + "x" * 300, "cannot be written"),
    ],
)
def test_a_path_that_cannot_be_a_file(path: str, words: str) -> None:
    assert words in errors(path)


def test_a_file_of_another_user_is_rejected(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dest.write_bytes(content_of(OURS, NAMES))
    assert not errors(dest)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert f"belongs to user id {dest.stat().st_uid}, and the module runs as user id 4711" in errors(dest)


def test_a_directory_that_cannot_be_written_is_rejected(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not errors(dest)
    # Root may write everywhere, so this test cannot use the modes alone.
    monkeypatch.setattr(os, "access", lambda *_args, **_kwargs: False)
    assert "cannot be written by user id" in errors(dest)


@pytest.mark.parametrize(("permissions", "warned"), [(0o777, True), (0o1777, False), (0o775, False), (0o700, False)])
def test_a_directory_in_which_everybody_replaces_files_is_warned_of(dest: Path, permissions: int, warned: bool) -> None:
    dest.parent.chmod(permissions)
    assert bool(file_at(dest).warnings()) is warned


@pytest.mark.parametrize("before", [None, 0o600, 0o644, 0o444], ids=str)
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777], ids=oct)
def test_what_is_delivered_is_whole_and_its_owners_only(dest: Path, before: int | None, umask: int) -> None:
    if before is not None:
        dest.write_bytes(content_of(OTHERS, NAMES))
        dest.chmod(before)
    former = os.umask(umask)
    try:
        draft = file_at(dest).draft()
        (temporary,) = [one for one in dest.parent.iterdir() if one != dest]
        assert mode(temporary) == 0o600 and temporary.stat().st_size == RESERVED
        assert not dest.exists() or dest.read_bytes() == content_of(OTHERS, NAMES), "nothing is changed yet"
        draft.deliver(OURS)
    finally:
        os.umask(former)
    assert list(dest.parent.iterdir()) == [dest] and mode(dest) == 0o600
    assert dest.read_text().splitlines() == [
        "INFISICAL_URL=https://infisical.example.com",
        "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID=4f3c2e12-68d3-4676-93cb-94863e4ddcaf",
        f"INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET={'a1' * 32}",
    ]
    found = file_at(dest).found()
    assert found is not None and found.values == OURS


def test_a_reader_of_the_old_file_never_sees_the_new_secret(dest: Path) -> None:
    dest.write_bytes(content_of(OTHERS, NAMES))
    dest.chmod(0o644)
    with dest.open("rb") as reader:
        file_at(dest).draft().deliver(OURS)
        assert reader.read() == content_of(OTHERS, NAMES)


def test_what_is_discarded_leaves_nothing(dest: Path) -> None:
    draft = file_at(dest).draft()
    draft.discard()
    draft.discard()
    assert list(dest.parent.iterdir()) == []


def open_handles() -> int:
    return len(os.listdir("/proc/self/fd"))


BREAKS = {"open": 0, "fchmod": 0, "write": 0, "fsync": 0, "lseek": 1, "ftruncate": 1, "replace": 1}
"""The calls that a disk can fail, and the number of earlier drafts: 1 is during the delivery."""


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT], ids=errno.errorcode.get)
@pytest.mark.parametrize("call", BREAKS)
def test_a_disk_that_fails_leaves_the_old_file_and_nothing_else(
    dest: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    dest.write_bytes(content_of(OTHERS, NAMES))
    handles = open_handles()

    def fails(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError(code, os.strerror(code))

    target = file_at(dest)
    with monkeypatch.context() as patched:
        if BREAKS[call]:
            draft = target.draft()
            patched.setattr(os, call, fails)
            with pytest.raises(OSError, match=os.strerror(code)):
                draft.deliver(OURS)
            draft.discard()
        else:
            patched.setattr(os, call, fails)
            with pytest.raises(OSError, match=os.strerror(code)):
                target.draft()
    assert dest.read_bytes() == content_of(OTHERS, NAMES) and list(dest.parent.iterdir()) == [dest]
    assert open_handles() <= handles


def test_a_directory_that_cannot_be_synced_does_not_cost_the_file(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = file_at(dest).draft()
    sync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    draft.deliver(OURS)
    assert dest.read_bytes() == content_of(OURS, NAMES)


def test_writes_in_pieces_are_put_together(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:7]))
    file_at(dest).draft().deliver(OURS)
    assert dest.read_bytes() == content_of(OURS, NAMES)


@pytest.mark.parametrize("what", ["directory", "link", "dangling-link", "fifo"])
def test_what_comes_into_its_place_meanwhile_is_not_replaced(dest: Path, what: str) -> None:
    draft = file_at(dest).draft()
    make, words = THERE[what]
    make(dest)
    before = dest.lstat()
    with pytest.raises(OSError, match=words):
        draft.deliver(OURS)
    draft.discard()
    assert dest.lstat() == before and not list(dest.parent.glob(f"{file.TEMPORARY}*"))


def test_a_directory_that_is_exchanged_meanwhile_gets_nothing(dest: Path, tmp_path: Path) -> None:
    """The file is written to the directory that was checked, whatever the path refers to by then."""
    place = tmp_path / "place"
    place.mkdir()
    draft = file_at(place / "app.env").draft()
    place.rename(tmp_path / "moved")
    place.mkdir()
    draft.deliver(OURS)
    assert list(place.iterdir()) == [] and (tmp_path / "moved" / "app.env").read_bytes() == content_of(OURS, NAMES)


GOOD = content_of(OURS, NAMES).decode()


@pytest.mark.parametrize(
    "text",
    ["", "\n", GOOD.replace("=a1", "='a1", 1), GOOD.replace("a1a1", "a1 a1", 1), GOOD + GOOD, GOOD[: GOOD.rindex("I")]],
)
def test_what_is_not_whole_is_no_credentials(text: str) -> None:
    assert values_of(text.encode(), NAMES) is None


@pytest.mark.parametrize("raw", [b"\xff\xfe", "INFISICAL_URL=ä".encode(), GOOD.encode() * 1000, b"\0" * 100])
def test_what_is_no_text_of_ours_is_no_credentials(raw: bytes) -> None:
    assert values_of(raw, NAMES) is None


def test_more_lines_and_comments_do_not_matter() -> None:
    assert values_of(f"# app\nOTHER=1\n{GOOD}\nLAST=$(id)\n".encode(), NAMES) == OURS


def test_a_broken_file_of_ours_may_be_replaced(dest: Path) -> None:
    dest.write_text("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET=\n")
    assert not errors(dest)
    found = file_at(dest).found()
    assert found is not None and found.values is None


def test_a_link_is_not_followed_to_read(dest: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(content_of(OURS, NAMES))
    dest.symlink_to("target")
    assert file_at(dest).found() is None
