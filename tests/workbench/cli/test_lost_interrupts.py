"""Ctrl-C while Python tidies up an object: the exception is dropped, and the command ends all the same."""

import os
import signal
import sys

import pytest

from workbench.cli.interrupts import remembered, stop_if_heard
from workbench.cli.progress import _Line


class Closing:
    """An object during whose end Ctrl-C is pressed."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):  # the signal is heard between two instructions
            pass


def test_a_dropped_interrupt_is_raised_at_the_next_progress(monkeypatch):
    """Python says that it ignored the exception; the next step of the progress line stops the command."""
    dropped = []
    monkeypatch.setattr(sys, "unraisablehook", lambda about: dropped.append(about.exc_type))
    before = signal.getsignal(signal.SIGINT)
    with remembered():
        thing = Closing()
        del thing
        assert dropped == [KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            _Line("replications").show(1, 2)
    assert signal.getsignal(signal.SIGINT) is before
    stop_if_heard()  # the next command begins anew


def test_nothing_is_raised_where_nothing_was_pressed():
    """Progress goes on."""
    with remembered():
        stop_if_heard()
        _Line("replications").show(1, 2)
