"""Ctrl-C while Python tidies up an object: the exception is dropped, and the command ends all the same."""

import os
import signal
import sys

import pytest

from workbench.cli.interrupts import remembered, stop_if_heard
from workbench.cli.progress import _Line, ready


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


def test_an_interrupt_that_the_compiler_drops_is_raised(monkeypatch):
    """Ctrl-C inside the compiler surfaces as an error of its own, and is Ctrl-C all the same."""

    def compiling():
        monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
        thing = Closing()
        del thing
        raise RuntimeError("half a result")

    monkeypatch.setattr("simulator.engines.warm.is_cold", lambda: True)
    monkeypatch.setattr("simulator.engines.warm.warm_up", compiling)
    with remembered(), pytest.raises(KeyboardInterrupt):
        ready()
    monkeypatch.setattr(Closing, "__del__", lambda _: None)
    with remembered(), pytest.raises(RuntimeError):
        ready()


def test_nothing_is_raised_where_nothing_was_pressed():
    """Progress goes on."""
    with remembered():
        stop_if_heard()
        _Line("replications").show(1, 2)
