"""What a sensitivity study can move, and how a value is laid over the scenario."""

import pytest

from simulator.errors import StudyError
from simulator.experiment.sensitivity.parameters import chosen, parameters_of
from simulator.schema.loading import load_changed, load_scenario

PAUSE = "processes.sale.steps.pause.duration"
CHANCE = "processes.sale.steps.lucky.outcomes.yes_please.probability"
WORK = "processes.sale.steps.work.effort"


def test_numbers_with_a_range_are_found(levers):
    """Fixed numbers and distributions around a mean or median; not what has no range or no single centre."""
    found = parameters_of(levers)
    assert list(found) == ["policies.price", "policies.fee", "policies.idle", PAUSE, WORK, CHANCE]
    price = found["policies.price"]
    assert (price.value, price.low, price.high, price.unit) == (100, 60, 120, "EUR")
    assert (price.grade, price.source, price.text) == ("B", "A price list", "100 EUR")


def test_ends_in_another_unit_are_converted(levers):
    """A range from hours to days of a number in days, and minutes around a median in hours."""
    found = parameters_of(levers)
    assert (found["policies.idle"].low, found["policies.idle"].high) == (1, 5)
    assert (found[PAUSE].low, found[PAUSE].high, found[PAUSE].unit) == (1, 4, "h")


def test_a_distribution_keeps_its_shape(levers):
    """The 90th percentile moves with the median, so that their ratio stays."""
    parameter = parameters_of(levers)[PAUSE]
    assert parameter.changes(4.0) == {f"{PAUSE}.lognormal.median": "4 h", f"{PAUSE}.lognormal.p90": "12 h"}
    changed = load_changed(levers, parameter.changes(4.0)).scenario.processes["sale"].steps["pause"].duration
    assert changed.parameters == {"median": 4.0, "p90": 12.0}


def test_what_is_laid_over_is_what_was_asked(levers):
    """Every parameter of the scenario reads back the value that it was given."""
    for parameter in parameters_of(levers).values():
        changed = load_changed(levers, parameter.changes(parameter.low))
        [again] = chosen(changed, [f"{parameter.path}=-1000 {parameter.unit}..1000 {parameter.unit}"])
        assert again.value == pytest.approx(parameter.low)


def test_a_range_of_ones_own(levers):
    """A head-count has no evidence, but can be moved between ends that are stated; it stays whole."""
    [people] = chosen(levers, ["teams.desk.head_count=1..4"])
    assert (people.low, people.high, people.value) == (1, 4, 1)
    assert people.changes(2.4) == {"teams.desk.head_count": 2}
    [between] = chosen(levers, ["teams.desk.head_count=1.5..3.5"])
    assert (between.low, between.high) == (2, 3)
    with pytest.raises(StudyError, match="cannot be moved from"):
        chosen(levers, ["teams.desk.head_count=1.2..2.4"])
    [price] = chosen(levers, ["policies.price = 90 EUR..95 EUR"])
    assert (price.low, price.high, price.grade) == (90, 95, "B")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("policies.prise", "there is no number 'policies.prise'; did you mean 'policies.price'?"),
        ("policies.unknown", "'policies.unknown' has no range that it could be moved over: write"),
        ("policies.price=120 EUR..60 EUR", "name two ends, lower first"),
        ("policies.price=1 d..2 d", "in units such as its own"),
        ("policies.nothing=1..2", "there is no number 'policies.nothing'"),
        ("processes.sale.steps.some_time.duration=1 h..2 h", "cannot be moved"),
    ],
)
def test_what_cannot_be_moved_is_said(levers, wanted, sentence):
    """One sentence with the place and the mend."""
    with pytest.raises(StudyError, match=sentence):
        chosen(levers, [wanted])


@pytest.mark.slow
def test_the_baseline_can_be_moved_as_a_whole():
    """Both ends of every range of the shipped baseline read as a valid scenario."""
    baseline = load_scenario("baselines/pt_installation")
    found = parameters_of(baseline)
    assert len(found) > 150
    for end in ("low", "high"):
        for parameter in list(found.values())[::9]:
            load_changed(baseline, parameter.changes(getattr(parameter, end)))
