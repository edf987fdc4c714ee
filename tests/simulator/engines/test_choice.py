"""Choosing an engine, and compiled code that is ready before anyone waits for it."""

import os
from pathlib import Path

import pytest

from simulator.engines import compiled_engine, simpy_engine, warm
from simulator.engines.choice import engine_of
from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.schema.loading import load_scenario


def test_auto_is_the_compiled_engine():
    """Since both leave the same records, the faster one is what a user gets."""
    assert engine_of("auto") is engine_of("compiled") is compiled_engine.simulate
    assert engine_of("simpy") is simpy_engine.simulate


def test_an_unknown_engine_is_refused_by_name():
    """A plan says which engines there are."""
    with pytest.raises(StudyError, match="no engine 'steam'; there are auto, simpy, compiled"):
        Plan(engine="steam")


def test_a_study_gives_the_same_samples_on_either_engine():
    """Through the whole library, not only from engine to records."""
    loaded = load_scenario("theory/m_m_1_6")
    studies = [run(loaded, Plan(replications=2, jobs=1, length=400.0, engine=name)) for name in ("simpy", "compiled")]
    for kpi, sample in studies[0].samples.items():
        assert sample.tobytes() == studies[1].samples[kpi].tobytes(), kpi


def test_compiled_code_lies_in_a_folder_named_after_its_sources():
    """An engine never runs code of other sources than those on disk."""
    assert Path(os.environ["NUMBA_CACHE_DIR"]).name.startswith("compiled-")


def test_warming_up_leaves_its_mark(tmp_path, monkeypatch):
    """Cold until the engine has been compiled once, warm from then on."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "compiled-new"))
    assert warm.is_cold()
    warm.warm_up()
    assert not warm.is_cold()
