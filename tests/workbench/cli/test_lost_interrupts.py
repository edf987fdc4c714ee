"""Ctrl-C while Python tidies up an object: the exception is dropped, and the command ends all the same."""

import os
import signal
import sys
import time

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
    with pytest.raises(KeyboardInterrupt), remembered():
        ready()
    monkeypatch.setattr(Closing, "__del__", lambda _: None)
    with remembered(), pytest.raises(RuntimeError):
        ready()


def test_an_interrupt_that_a_library_turns_into_an_error_is_an_interrupt_all_the_same():
    """As one inside pydantic, which says that a model cannot be built; an error without it stays what it is."""

    def building():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1.0)
        except KeyboardInterrupt:
            raise ValueError("no model can be built") from None

    with pytest.raises(KeyboardInterrupt), remembered():
        building()
    with pytest.raises(ValueError, match="a mistake"), remembered():
        raise ValueError("a mistake")


def test_nothing_is_raised_where_nothing_was_pressed():
    """Progress goes on."""
    with remembered():
        stop_if_heard()
        _Line("replications").show(1, 2)
