"""Ctrl-C stops a fleet's run also where Python drops what it raises."""

from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from stockade.cli.fleet.interrupts import heard


def test_an_interrupt_that_was_dropped_is_raised_at_the_next_look() -> None:
    before = signal.getsignal(signal.SIGINT)
    with heard() as check:
        check()
        with suppress(KeyboardInterrupt):  # as Python does in a destructor
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_is_raised_at_once() -> None:
    with heard(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
