# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The displayed parts of a censored result, and suppressed output while a module runs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.plugin_utils import _display

CENSORED = {
    "failed": True,
    "changed": True,
    "msg": "why it failed",
    "warnings": ["what to look at"],
    "diff": {"before": {}, "after": {"made": ["(new)"]}},
    "client_secret": "sentinel-7f3a9c51e2",
}


class Screen:
    """Records what Display would print."""

    verbosity = 0

    def __init__(self) -> None:
        self.printed: list[str] = []

    def display(self, text: str) -> None:
        self.printed.append(text)

    error = warning = debug = display

    def verbose(self, text: str, *_args: Any, **_kwargs: Any) -> None:
        self.printed.append(text)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    monkeypatch.setattr(_display, "display", made)
    return made


@pytest.mark.parametrize("kept", [("exception", "warnings"), ("warnings",), ()], ids="+".join)
@pytest.mark.parametrize("diff", [True, False])
def test_once_on_every_core(monkeypatch: pytest.MonkeyPatch, screen: Screen, kept: tuple[str, ...], diff: bool) -> None:
    """A core that keeps the exception or the warnings of a censored result displays them itself."""
    monkeypatch.setattr(_display, "KEPT", kept)
    given = {**CENSORED, "diff": {**CENSORED["diff"]}}  # type: ignore[dict-item]
    _display.display_censored(given, diff=diff)
    text = "\n".join(screen.printed)
    assert text.count("why it failed") == ("exception" not in kept)
    assert text.count("what to look at") == ("warnings" not in kept)
    assert text.count("(new)") == diff
    assert "sentinel" not in text and given == CENSORED


def test_nothing_secret_while_a_module_runs(screen: Screen) -> None:
    secret = "it's a 'secret'"
    context = SimpleNamespace(no_log=False)
    with pytest.raises(ValueError), _display.nothing_secret_displayed([context, None], [secret]):
        screen.debug(f"stdout={secret}")
        screen.verbose(f"EXEC TOKEN={secret} and TOKEN='it'\"'\"'s a '\"'\"'secret'\"'\"''", caplevel=2)
        assert context.no_log is True
        raise ValueError
    assert len(screen.printed) == 1 and "secret" not in screen.printed[0]
    assert context.no_log is False
    screen.debug("again")
    assert screen.printed[-1] == "again"
