"""Head-counts to choose from: who comes or goes does so on the first measured day."""

import datetime as dt

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.space import Space
from simulator.experiment.search.staffing import COMING, GOING, head_count
from simulator.schema.quantity import fixed

FIRST = dt.date(2026, 1, 5)
"""First measured day of the baseline."""


def test_a_team_has_every_number_and_todays(baseline):
    """The baseline has six crews: of a range without six, six is a level all the same, and the base."""
    for text in ("crews=7..8", "teams.crews=7..8", "teams.crews.head_count=7..8"):
        found = head_count(baseline, text)
        assert found.name == "teams.crews.head_count"
        assert [level.label for level in found.levels] == ["6", "7", "8"]
        assert found.levels[0].changes == {}
        assert found.base == 0
    assert head_count(baseline, "crews=5..7").base == 1


def test_they_come_and_go_on_the_first_measured_day(baseline):
    """More are hired on it, fewer leave with the day before it; a plan that states another warm-up moves it."""
    fewer, _, more = (dict(level.changes) for level in head_count(baseline, "crews=5..7").levels)
    assert more == {f"teams.crews.members.staff_{COMING}": {"head_count": 1, "hired": FIRST}}
    left = {"head_count": 1, "leaves": FIRST - dt.timedelta(days=1)}
    assert fewer == {"teams.crews.head_count": 5, f"teams.crews.members.staff_{GOING}": left}
    sooner = head_count(baseline, "crews=6..7", Plan(warm_up=30 * 24.0)).levels[1].changes
    assert next(iter(sooner.values()))["hired"] == baseline.scenario.horizon.start + dt.timedelta(days=30)
    at_once = head_count(baseline, "crews=5..7", Plan(warm_up=0.0)).levels
    assert [dict(level.changes) for level in at_once] == [
        {"teams.crews.head_count": 5},
        {},
        {"teams.crews.head_count": 7},
    ]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["crews=5..7", "sdr=2..3", "teams.sdr.members.ana=0..2"])
def test_before_that_day_nothing_changes(baseline, text):
    """Every posting of the warm-up is that of the base, to the last bit; in the measured time some differ."""
    found, simulate = head_count(baseline, text), engine_of("compiled")
    space, day = Space((found,)), compiled(baseline, Plan()).warm_up

    def posted(level):
        records = simulate(compiled(space.laid(baseline, (level,)), Plan()), 1, 0)
        return records.postings.time, records.postings.cents

    base_time, base_cents = posted(found.base)
    for level in {*range(len(found.levels))} - {found.base}:
        time, cents = posted(level)
        np.testing.assert_array_equal(time[time < day], base_time[base_time < day])
        np.testing.assert_array_equal(cents[time < day], base_cents[base_time < day])
        assert not (time.size == base_time.size and (time == base_time).all())


def test_a_group_grows_by_its_like_and_a_named_team_by_its_average(baseline):
    """A second Ana is as quick as she is; a third caller is as quick as Ana and Rui on the average."""
    ana = head_count(baseline, "teams.sdr.members.ana=1..2").levels[1].changes
    (path,) = ana
    assert path == f"teams.sdr.members.ana_{COMING}"
    assert "label" not in ana[path]  # she is not Ana
    assert ana[path]["speed"] == baseline.statements.data["teams"]["sdr"]["members"]["ana"]["speed"]
    team = baseline.scenario.teams["sdr"]
    speeds = [fixed(each.speed) for each in team.members.values() if each.speed is not None]
    added = head_count(baseline, "sdr=2..3").levels[1].changes[f"teams.sdr.members.{COMING}"]
    assert float(added["speed"]) == pytest.approx((sum(speeds) + len(team.members) - len(speeds)) / len(team.members))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("crw=1..2", "there is no team 'crw'; did you mean 'crews'"),
        ("teams.sdr.members.anna=1..2", "no member 'anna' in sdr; did you mean 'ana'"),
        ("crews", "has no range: write crews=LOW..HIGH"),
        ("crews=7..6", "lower first"),
        ("crews=1.5..2", "whole numbers"),
        ("crews=-1..2", "begins below 0"),
        ("crews=1..5000", "more than 100 levels"),
        ("sdr=1..3", "say who goes, such as teams.sdr.members.ana=0..1"),
    ],
)
def test_mistakes_are_one_sentence(baseline, text, sentence):
    """What is wrong and, where it can be said, what is meant."""
    with pytest.raises(StudyError, match=sentence):
        head_count(baseline, text)
