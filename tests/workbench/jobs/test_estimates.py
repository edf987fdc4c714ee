"""How long a study will take, from the studies before it; and the command that repeats one."""

import shlex
from types import SimpleNamespace

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_scenario
from workbench.jobs.pace import SECONDS_PER_LEAD, STARTING, WRITING, expected_leads, expected_seconds, seconds_per_lead
from workbench.jobs.request import Chosen, Request


def job(request, seconds, leads=1000.0, replications=10, digests=None):
    """A job that is over, as far as an estimate looks at it."""
    digests = digests or [chosen.loaded.digest for chosen in request.scenarios]
    studies = [
        SimpleNamespace(
            digest=digest, estimate=lambda _: SimpleNamespace(mean=leads), end=80.0, length=60.0
        )
        for digest in digests
    ]  # fmt: skip
    progress = SimpleNamespace(total=replications * len(studies))
    results = SimpleNamespace(studies=studies)
    return SimpleNamespace(results=results, request=request, simulated_seconds=seconds, progress=progress)


def test_an_estimate_has_a_start_the_work_and_the_report(request_of):
    """A comparison writes a report, one scenario alone does not."""
    pair, alone = request_of(replications=10, jobs=1), request_of(replications=10, jobs=1, alone=True)
    assert expected_seconds(pair, [100, 300], 0.01) == pytest.approx(STARTING + 40 + WRITING)
    assert expected_seconds(alone, [100], 0.01) == pytest.approx(STARTING + 10)


def test_more_workers_than_replications_do_not_help(request_of):
    """Four runs keep four workers busy, not forty."""
    times = [expected_seconds(request_of(replications=2, jobs=jobs), [1000, 1000], 0.01) for jobs in (4, 40)]
    assert times[0] == times[1] == pytest.approx(STARTING + 10 + WRITING)


def test_the_latest_study_of_the_same_scenarios_is_believed(request_of):
    """Its seconds, less half the start, times its workers over its leads with those of the warm-up."""
    asked = request_of(replications=10, jobs=2)
    old, new = job(asked, 90.0), job(asked, 42.0)
    leads = 2 * 1000 * 80 / 60 * 10
    assert seconds_per_lead([old, new], asked) == pytest.approx((42.0 - STARTING / 2) * 2 / leads)


def test_a_study_of_other_scenarios_counts_until_there_is_a_better_one(request_of):
    """A later study of something else does not take the place of one of the same."""
    asked = request_of(replications=10, jobs=1)
    same, other = job(asked, 50.0), job(asked, 500.0, digests=["x", "y"])
    for_same = seconds_per_lead([same], asked)
    for_other = seconds_per_lead([other], asked)
    assert for_other > for_same
    assert seconds_per_lead([same, other], asked) == for_same
    assert seconds_per_lead([other, same], asked) == for_same


def test_a_study_by_the_other_engine_teaches_nothing(request_of):
    """After a slow study in SimPy the compiled engine is still expected to be quick, and the other way round."""
    quick, slow = (request_of(replications=10, jobs=1, engine=engine) for engine in ("compiled", "simpy"))
    assert seconds_per_lead([job(slow, 900.0)], quick) == SECONDS_PER_LEAD["compiled"]
    assert seconds_per_lead([job(quick, 10.0)], slow) == SECONDS_PER_LEAD["simpy"]
    assert seconds_per_lead([job(slow, 900.0)], slow) > SECONDS_PER_LEAD["simpy"]


def test_a_study_without_leads_teaches_nothing(request_of):
    """Nothing is divided by nought."""
    asked = request_of(jobs=1)
    assert seconds_per_lead([job(asked, 50.0, leads=0.0)], asked) == SECONDS_PER_LEAD["auto"]


def test_a_study_that_was_quicker_than_its_start_costs_nothing(request_of):
    """A time below nought is no time."""
    asked = request_of(jobs=1)
    assert seconds_per_lead([job(asked, 0.5)], asked) == 0.0


def test_leads_follow_the_horizon_that_was_asked_for(request_of):
    """Twice the time brings twice the leads, whatever the scenario states."""
    loaded = request_of().base.loaded
    once, twice = (expected_leads(loaded, Plan(warm_up=0.0, length=hours)) for hours in (240.0, 480.0))
    assert once == pytest.approx(80, rel=0.05)
    assert twice == pytest.approx(2 * once, rel=0.05)


def test_leads_of_the_baseline_are_those_of_its_year():
    """About six thousand leads a year, as the file says, and as many again for each further year."""
    loaded = load_scenario("baselines/pt_installation")
    year = expected_leads(loaded, Plan(warm_up=0.0, length=8766.0))
    assert year == pytest.approx(6000, rel=0.25)


def test_what_is_dropped_after_the_end_is_not_expected():
    """A run of a week expects none of the fairs of the year."""
    loaded = load_scenario("baselines/pt_installation")
    program = compiled(loaded, Plan(warm_up=0.0, length=168.0))
    fairs = program.demand[program.names.channels.index("trade_fairs")]
    assert sum(drop[1] for drop in fairs.drops) > 500
    assert expected_leads(loaded, Plan(warm_up=0.0, length=168.0)) < 700


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({}, []),
        ({"warm_up": 0.0}, ["--warm-up", "0 d"]),
        ({"length": 36.0}, ["--length", "1.5 d"]),
        ({"engine": "simpy"}, ["--engine", "simpy"]),
        ({"warm_up": 240.0, "length": 8766.0}, ["--warm-up", "10 d", "--length", "365.25 d"]),
    ],
)
def test_the_command_states_only_what_was_stated(request_of, plan, words):
    """What was left to the scenario is left to it again."""
    command = shlex.split(request_of(replications=3, seed=2, alone=True, **plan).command)
    assert command == ["caudal", "run", "tiny.yaml", "--replications", "3", "--seed", "2", *words]


def test_a_file_name_with_blanks_is_quoted(request_of):
    """The command can be pasted into a shell, whatever the file is called."""
    loaded = request_of().base.loaded
    names = ("my firm.yaml", "it's; rm -rf ~.yaml", "$(x).yaml")
    asked = Request(Chosen(names[0], loaded), tuple(Chosen(name, loaded) for name in names[1:]), Plan())
    assert shlex.split(asked.command)[:5] == ["caudal", "compare", *names]


@pytest.mark.parametrize(
    "options", [{"warm_up": 240.0, "length": 1000.0}, {"length": 100.0 / 7}, {"seed": 2**62}, {"engine": "simpy"}]
)
def test_the_command_is_read_back_as_the_same_plan(request_of, options, monkeypatch, capsys):
    """Whoever pastes the command gets the same study: the command line reads what the workbench writes."""
    from workbench.cli.main import exit_code

    asked = request_of(replications=3, alone=True, **options)
    seen = []

    def stop(scenarios, plan, *_):
        seen.append(plan)
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.experiment.checks.checked_studies", stop)
    words = shlex.split(asked.command)[1:]
    words[1] = str(asked.base.loaded.path)
    assert exit_code(words) == 130
    assert seen == [asked.plan]


def test_what_a_request_keeps_does_not_tell_it_apart(request_of):
    """Two requests for the same are the same, whichever session made them."""
    loaded = request_of().base.loaded
    one, two = (Request(Chosen("a", loaded), (), Plan(), (kept,)) for kept in ("one folder", "another"))
    assert one == two
    assert "folder" not in repr(one)
