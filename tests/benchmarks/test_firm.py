"""The consultant's files: the shipped scenarios at any size."""

import pytest

from benchmarks.firm import LEADS, write_study
from simulator.engines import compiled_engine
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.records import first_difference
from simulator.schema.loading import load_scenario

WHATIFS = ("two_more_sdrs", "instant_routing", "quoting_tool")


def loaded_by_name(folder, leads):
    return {path.stem: load_scenario(path) for path in write_study(folder, leads)}


def test_at_its_own_size_the_study_is_the_shipped_one(tmp_path):
    """Baseline and what-ifs written out for the shipped number of leads leave the shipped records to the last bit."""
    plan = Plan(warm_up=0.0, length=60 * 24.0)
    study = loaded_by_name(tmp_path, LEADS)
    assert set(study) == {"pt_installation", *WHATIFS, "one_more_crew"}
    for name in ("pt_installation", *WHATIFS):
        programs = (compiled(loaded, plan) for loaded in (study[name], load_scenario(name)))
        mine, shipped = (compiled_engine.simulate(program, 1, 0) for program in programs)
        assert first_difference(mine, shipped) == ""


def test_a_larger_firm_has_as_many_times_the_leads_and_the_people(tmp_path):
    """At 50,000 leads a year every rate, drop and head-count grows by the same factor, up to whole leads and people."""
    factor = 50_000 / LEADS
    (small, large) = (loaded_by_name(tmp_path, leads) for leads in (LEADS, 50_000))
    for name, scenario in small.items():
        before, after = scenario.scenario, large[name].scenario
        for key, channel in before.channels.items():
            if channel.rate is not None:
                assert after.channels[key].rate.fixed == pytest.approx(factor * channel.rate.fixed)
            drops = zip(channel.drops, after.channels[key].drops, strict=True)
            assert all(abs(new.leads - factor * old.leads) <= 0.5 for old, new in drops)
        for key, team in before.teams.items():
            people = zip(team.people().items(), after.teams[key].people().items(), strict=True)
            for (old_name, old), (new_name, new) in people:
                assert old_name == new_name
                assert abs(new.head_count - factor * old.head_count) <= 0.5
