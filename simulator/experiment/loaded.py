"""What a worker needs, loaded: the fork server imports this module, and every worker has it from its first moment."""

import gc
from contextlib import suppress
from importlib import import_module

# What is loaded here stays; to look for garbage among it would find none.
gc.disable()
# Whatever fails here fails again in a worker, from which the error is told.
with suppress(Exception):
    import_module("simulator.experiment.checks")
    import_module("simulator.engines.simpy_engine")
    warm = import_module("simulator.engines.warm")
    if not warm.is_cold():
        warm.run_small()
# A collection in a worker would write to each object, and the memory would not be shared any more.
gc.freeze()
gc.enable()
