"""The model of record: a generator for each case, on SimPy."""

from simulator.engines.simpy_engine.engine import simulate

__all__ = ["simulate"]
