"""What a worker needs, loaded: the fork server imports this module, and every worker has it from its first moment."""

import gc
from contextlib import suppress
from importlib import import_module

from simulator.engines.warm import is_cold, run_small

# Whatever fails here fails again in a worker, from which the error is told.
with suppress(Exception):
    import_module("simulator.experiment.replications")
    if not is_cold():
        run_small()
# What is here stays: a collection in a worker would write to each object, and the memory would not be shared any more.
gc.freeze()
