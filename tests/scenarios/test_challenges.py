import pytest

from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.schema.loading import load_scenario
from simulator.schema.shipped import shipped

CHALLENGES = sorted(name for name in shipped() if name.startswith("challenges/"))
SYMPTOMS = [(name, kpi) for name in CHALLENGES for kpi in load_scenario(name).scenario.symptoms]


@pytest.fixture(scope="module")
def studies():
    """Five years of the healthy twin and of every firm with a challenge, with the same leads."""
    healthy = {load_scenario(name).scenario.based_on for name in CHALLENGES}
    assert healthy == {"baselines/pt_installation"}
    names = ["baselines/pt_installation", *CHALLENGES]
    found = run_all([load_scenario(name) for name in names], Plan(replications=5, jobs=1))
    return dict(zip(names, found, strict=True))


def test_the_twelve_complaints_of_the_field_are_shipped():
    """Each with two symptoms or more, what should help, and a description that speaks of both."""
    assert len(CHALLENGES) == 12
    for name in CHALLENGES:
        scenario = load_scenario(name).scenario
        assert len(scenario.symptoms) >= 2
        assert "It shows in" in scenario.description
        assert "should help" in scenario.description


@pytest.mark.parametrize("name", CHALLENGES)
def test_what_should_help_is_shipped_and_fits(name, tmp_path):
    """Every tool that a challenge names can be laid over it, alone and together with the others."""
    helped_by = load_scenario(name).scenario.helped_by
    assert helped_by
    for tools in (*([tool] for tool in helped_by), list(helped_by)):
        file = tmp_path / "helped.yaml"
        file.write_text(f"caudal: 1\nname: Helped\nbased_on: {name}\nparts: [{', '.join(tools)}]\n", encoding="utf-8")
        assert load_scenario(file).scenario.tools


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kpi"), SYMPTOMS, ids=lambda value: value.rpartition("/")[2])
def test_a_challenge_shows_its_symptoms(studies, name, kpi):
    """Against the healthy twin, lead by lead the same, the 95 % interval of each difference lies on the side stated."""
    healthy, ill = studies["baselines/pt_installation"], studies[name]
    difference = t_interval(ill.samples[kpi] - healthy.samples[kpi])
    assert difference.n == 5
    side = load_scenario(name).scenario.symptoms[kpi]
    assert difference.low > 0 if side == "higher" else difference.high < 0, difference


@pytest.mark.slow
@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_ill_and_not_drowned(studies, name):
    """No team is overloaded, so that the figures are those of a firm that goes on."""
    assert not [warning for warning in studies[name].warnings if "overloaded" in warning]
