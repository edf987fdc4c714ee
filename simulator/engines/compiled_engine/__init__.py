"""The compiled engine: identical to the SimPy engine to the last bit, and many times faster."""

from simulator.engines.compiled_engine.engine import simulate

__all__ = ["simulate"]
