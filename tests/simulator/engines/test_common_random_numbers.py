"""Section 2 of docs/semantics.md: the same lead is the same lead in every scenario."""

import numpy as np
import pytest

from simulator.records import first_difference
from tests.simulator.engines.toys import run, toy

BASE = """
  attributes: {{x: {{initial: {{lognormal: {{median: 2, p90: 5}}}}}}, y: {{initial: {{uniform: {{low: 0, high: 1}}}}}}}}
  channels: {{{more_channels} web: {{process: p, rate: {rate} /d, dispersion: {dispersion}}},
              fair: {{process: p, drops: [{{date: 2024-01-02, leads: 9}}{drops}]}},
              steady: {{process: p, interval: {{exponential: 5 h}}}}}}
  teams: {{{more_teams} t: {{head_count: {staff}, shifts: always}}}}
  processes:
    p:
      steps:
        {more_steps}
        u: {{kind: work, team: t, effort: {{lognormal: {{median: 1 h, p90: 3 h}}}}}}
        d: {{kind: decide, outcomes: {{hit: {{probability: {hit}}}, miss: {{to: lost}}}}}}
        s: {{kind: spawn, process: q, count: {{poisson: 2}}, values: {{y: {{uniform: {{low: 0, high: 1}}}}}}}}
        won: {{kind: end, outcome: won}}
        lost: {{kind: end, outcome: lost}}
    q:
      steps:
        v: {{kind: work, team: t, effort: {{exponential: 2 h}}}}
        over: {{kind: end, outcome: over}}
"""
USUAL = {
    "more_channels": "",
    "rate": 12,
    "dispersion": 1,
    "drops": "",
    "more_teams": "",
    "staff": 400,
    "more_steps": "",
    "hit": "40 %",
}


def fates(seed=1, replication=0, **changes):
    """For each key what the case brought, the effort of its work to a billionth, and its outcome if it got that far."""
    program = toy(BASE.format_map(USUAL | changes))
    records = run(program, seed, replication)
    cases, visits, found = records.cases, records.visits, {}
    works = {program.names.steps.index("p.u"), program.names.steps.index("q.v")}
    effort = {
        int(visits.case[row]): round(float(visits.finished[row] - visits.started[row]), 9)
        for row in np.flatnonzero(np.isin(visits.step, list(works)) & ~np.isnan(visits.finished))
    }
    for case, key in enumerate(cases.key.tolist()):
        outcome = program.names.outcomes[cases.outcome[case]] if cases.outcome[case] >= 0 else None
        found[key] = (tuple(cases.attributes[case, :2].tolist()), effort.get(case), outcome)
    assert len(found) == cases.key.size
    return found


def shared_unchanged(base, other):
    """Whether cases of both have the same births and, as far as they came, the same efforts and outcomes."""
    common = base.keys() & other.keys()
    return bool(common) and all(
        base[key][0] == other[key][0]
        and (None in {base[key][1], other[key][1]} or base[key][1] == other[key][1])
        and (None in {base[key][2], other[key][2]} or base[key][2] == other[key][2])
        for key in common
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"more_channels": "mail: {process: p, rate: 5 /d}, "},
        {"more_teams": "a: {head_count: 3, shifts: always}, "},
        {"more_steps": "first: {kind: wait, duration: {exponential: 3 h}}"},
        {"more_steps": "first: {kind: decide, outcomes: {one: {probability: 50 %}, other: {}}}"},
        {"more_channels": "mail: {process: p, rate: 5 /d}, ", "more_steps": "first: {kind: set, values: {y: y}}"},
        {"rate": 18},
        {"rate": 18, "dispersion": 4},
        {"drops": ", {date: 2024-01-04, leads: 5}"},
        {"drops": ", {date: 2024-01-02, leads: 5}"},
        {"staff": 3},
    ],
)
def test_a_change_elsewhere_disturbs_no_case_that_there_was(changes):
    """A channel, a team, a step, a higher rate: the cases of before keep their keys, births, efforts and outcomes."""
    base, other = fates(), fates(**changes)
    assert shared_unchanged(base, other)
    if "dispersion" not in changes and "staff" not in changes and "wait" not in changes.get("more_steps", ""):
        assert base.keys() <= other.keys()


def test_a_dispersion_changes_counts_and_nothing_else():
    """The first cases of each day are the same."""
    base, other = fates(), fates(dispersion=6)
    assert shared_unchanged(base, other)
    assert base.keys() != other.keys()


def test_a_higher_probability_only_adds():
    """Every case that was won is won again, and has the same children."""
    few, more = fates(hit="30 %"), fates(hit="60 %")
    won = [{key for key, fate in fates_.items() if fate[2] == "won"} for fates_ in (few, more)]
    assert won[0] < won[1]
    assert {key for key, fate in few.items() if fate[2] == "over"} < {
        key for key, fate in more.items() if fate[2] == "over"
    }


def test_keys_do_not_depend_on_the_seed_but_what_they_bring_does():
    """Days with more leads in one run than in the other apart, the same leads come, with other luck."""
    one, other, third = fates(1, 0), fates(2, 0), fates(1, 1)
    for different in (other, third):
        common = one.keys() & different.keys()
        assert len(common) > 0.5 * len(one)
        assert all(one[key][0] != different[key][0] for key in common)


def test_the_same_seed_and_replication_give_the_same_records_and_others_differ():
    """To the last bit."""
    program, again = toy(BASE.format_map(USUAL)), toy(BASE.format_map(USUAL))
    assert first_difference(run(program, 1, 2), run(again, 1, 2)) == ""
    assert first_difference(run(program, 1, 2), run(program, 1, 3)) != ""
    assert first_difference(run(program, 1, 2), run(program, 2, 2)) != ""


def test_draws_of_visits_and_of_purposes_differ():
    """Each round of a loop draws its effort anew, and so do two steps that say the same."""
    program = toy("""
      teams: {t: {head_count: 1, shifts: always}}
      steps:
        u: {kind: work, team: t, effort: {exponential: 1 h}}
        v: {kind: work, team: t, effort: {exponential: 1 h}, defect: {probability: "visits < 3", to: u}}
    """)
    visits = run(program).visits
    effort = (visits.finished - visits.started)[visits.member >= 0]
    assert effort.size == 6
    assert np.unique(np.round(effort, 9)).size == 6
