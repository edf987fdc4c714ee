"""What a worker needs, loaded: the fork server imports this module, and every worker has it from its first moment."""

import gc
import sys
from contextlib import suppress
from importlib import import_module
from types import TracebackType

from simulator.frames import in_one_piece


def _quiet_about_its_parent(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say nothing where a worker that has not begun finds its parent gone, and what they would have shared with it."""
    if not issubclass(kind, FileNotFoundError | EOFError):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _quiet_about_its_parent


def _load() -> None:
    import_module("simulator.schema.scenario")
    import_module("simulator.experiment.checks")
    import_module("simulator.engines.simpy_engine")
    # Not what compiling scenarios imports besides, which takes a tenth of a second: few workers compile, and those that
    # do lose no more than all would wait here.
    warm = import_module("simulator.engines.warm")
    if not warm.is_cold():
        warm.run_small()


# What is loaded here stays; to look for garbage among it would find none.
gc.disable()
# Whatever fails here fails again in a worker, from which the error is told.
with suppress(Exception):
    in_one_piece(_load)
# A collection in a worker would write to each object, and the memory would not be shared any more.
gc.freeze()
gc.enable()
