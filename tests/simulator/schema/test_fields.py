"""Fields of a scenario: forms that each accepts with their values in base units, and forms that it refuses."""

import jsonschema
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from simulator.schema.calendar import DAY, Absence, Schedule, Shifts, TimeOfDay, parse_shifts, parse_time_of_day
from simulator.schema.demand import Channel, Drop, Profile
from simulator.schema.json_schema import json_schema
from simulator.schema.people import Member, Team
from simulator.schema.quantity import (
    Duration,
    FixedDuration,
    FixedMoney,
    FixedShare,
    Money,
    MoneyRate,
    Number,
    Probability,
    Rate,
    fixed,
)
from simulator.schema.scenario import Effect, Horizon
from simulator.schema.steps import Step

READS = [
    (Duration, "20 min", 1 / 3), (Duration, "90 s", 0.025), (Duration, "3 h", 3), (Duration, "2 d", 48),
    (Duration, "1 wd", 8), (Duration, "6 wk", 1008), (Duration, "3 mo", 2191.5), (Duration, "1 year", 8766),
    (Duration, "0", 0), (Duration, 0, 0), (Duration, {"value": "2 h", "grade": "A"}, 2), (FixedDuration, "1.5 h", 1.5),
    (Money, "1 250 EUR", 1250), (Money, "1_000.50 RON", 1000.5), (FixedMoney, "0.35 EUR", 0.35), (FixedMoney, 0, 0),
    (MoneyRate, "18 EUR/h", 18), (MoneyRate, "730.5 EUR/month", 1), (MoneyRate, "240 EUR/d", 10),
    (Rate, "6 /h", 6), (Rate, "24 / d", 1), (Rate, "8 766 /year", 1), (Number, "25 %", 0.25), (Number, 3, 3),
    (Number, "-2.5", -2.5), (Number, "1e3", 1000), (Number, "48 h", 48), (Number, "10 EUR", 10),
    (Probability, "32 %", 0.32), (Probability, 0.5, 0.5), (FixedShare, "100 %", 1), (FixedShare, "5%", 0.05),
]  # fmt: skip
REFUSES = [
    (Duration, "20", "wrong unit"), (Duration, "20 %", "wrong unit"), (Duration, "5 EUR", "wrong unit"),
    (Duration, True, "not true"), (Duration, None, "not nothing"), (Duration, [1], "not a list"),
    (Duration, float("inf"), "cannot read"), (Money, "1250", "a currency is missing"),
    (Money, "3 h", "currency is missing"),
    (MoneyRate, "18 EUR", "wrong unit"), (MoneyRate, "18 /h", "currency is missing"), (Rate, "6", "wrong unit"),
    (Rate, "6 h", "wrong unit"), (Rate, {"exponential": "1 h"}, "plain number is needed"),
    (Number, "1 /h", "wrong unit"),
    (Number, {"normal": {"mean": 1}}, "sd is missing"), (Number, {"lognorml": 3}, "did you mean"),
    (Number, {"min": 1}, "expected one of"), (Number, {"value": 1, "max": 3}, "stands alone"),
    (Number, {"formula": "x", "max": 3}, "belong to a distribution"), (Number, {"mix": []}, "needs a list"),
    (Number, {"choice": {"a": "x %"}}, "cannot read"), (Probability, {"beta": {"a": 1, "b": 2}}, "plain number"),
    (FixedShare, "x + 1", "cannot read"), (FixedMoney, {"formula": "x"}, "no distribution"),
    (Number, "1e999", "too large"),
    (Money, {"uniform": {"low": "1 EUR", "high": "2 USD"}}, "are mixed"), (Number, "x +", "formula"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "raw", "value"), READS)
def test_a_number_is_read_into_base_units(field, raw, value):
    """Hours, currency units and parts of one, whatever the unit in the file."""
    quantity = TypeAdapter(field).validate_python(raw)
    assert fixed(quantity, -1.0) == pytest.approx(value)
    assert quantity.form == "fixed"


@pytest.mark.parametrize(("field", "raw", "words"), REFUSES)
def test_a_number_that_makes_no_sense_is_refused_in_words(field, raw, words):
    """Wrong units, missing currencies, unknown distributions and what cannot be drawn at this place."""
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(field).validate_python(raw)


WORK = {"kind": "work", "team": "t", "effort": "1 h"}
STEPS = [
    WORK, WORK | {"ownership": "take"}, WORK | {"routing": {"rule": "round_robin", "sees_absence": False}},
    WORK | {"patience": {"after": "1 d", "to": "x"}}, WORK | {"balk": {"at": 0, "to": "x"}},
    WORK | {"automation": {"share": "50 %"}}, WORK | {"defect": {"probability": 0.1}},
    WORK | {"marks": ["order", "paid"]},
    {"kind": "wait"}, {"kind": "wait", "until": {"weekdays": ["Mon"]}}, {"kind": "wait", "clock": "business"},
    {"kind": "decide", "outcomes": {"a": {"when": "x > 1"}, "b": {}}}, {"kind": "set", "values": {"x": 1}},
    {"kind": "spawn", "process": "p", "count": {"poisson": 2}}, {"kind": "join", "cause": "schedule"},
    {"kind": "post", "account": "paid", "amount": "x * 1 EUR"}, {"kind": "end", "outcome": "won", "result": "won"},
]  # fmt: skip
NO_STEPS = [
    {}, {"kind": "rest"}, {"kind": "work", "team": "t"}, {"kind": "work", "effort": "1 h"}, WORK | {"efort": "1 h"},
    WORK | {"ownership": "borrow"}, WORK | {"routing": {"rule": "best"}}, WORK | {"patience": {"after": "1 d"}},
    WORK | {"balk": {"at": -1, "to": "x"}}, WORK | {"balk": {"at": 1.5, "to": "x"}}, WORK | {"automation": {}},
    WORK | {"defect": {}}, WORK | {"marks": ["sold"]}, WORK | {"grade": "E"}, {"kind": "wait", "clock": "moon"},
    {"kind": "wait", "until": {}}, {"kind": "wait", "cause": "weather"}, {"kind": "decide"},
    {"kind": "decide", "outcomes": {}}, {"kind": "set", "values": {}},
    {"kind": "set", "of": "child", "values": {"x": 1}},
    {"kind": "spawn"}, {"kind": "join", "joined": True}, {"kind": "post", "account": "paid"},
    {"kind": "post", "account": "wages", "amount": "1 EUR"}, {"kind": "end"},
    {"kind": "end", "outcome": "won", "result": "great"},
]  # fmt: skip


@pytest.mark.parametrize("raw", STEPS, ids=str)
def test_each_step_kind_takes_its_fields(raw):
    """What stands in the file is what the step says."""
    step = TypeAdapter(Step).validate_python(raw)
    assert step.kind == raw["kind"]
    assert set(raw) == step.model_fields_set


@pytest.mark.parametrize("raw", NO_STEPS, ids=str)
def test_what_is_no_step_is_refused(raw):
    """Unknown kinds, fields and words, missing fields, and counts below their least."""
    with pytest.raises(ValidationError):
        TypeAdapter(Step).validate_python(raw)


MODELS = [
    (Absence, {"first": "2024-05-01", "last": "2024-05-01"}, {"first": "2024-05-02", "last": "2024-05-01"}),
    (Schedule, {"month_days": [1, 28, "last"]}, {"month_days": [29]}),
    (Schedule, {"weekdays": ["Mon"], "at": "24:00"}, {"weekdays": ["Mon"], "at": "24:01"}),
    (Schedule, {"dates": ["2024-02-29"]}, {"dates": ["2023-02-29"]}),
    (Channel, {"process": "p", "rate": "1 /d"}, {"process": "p", "rate": "1 /d", "interval": "1 d"}),
    (Channel, {"process": "p", "interval": {"exponential": "1 h"}}, {"interval": "1 h"}),
    (Drop, {"date": "2024-01-01", "leads": 0}, {"date": "2024-01-01", "leads": -1}),
    (Drop, {"date": "2024-01-01", "leads": 10_000_000}, {"date": "2024-01-01", "leads": 10_000_001}),
    (Profile, {"months": [1] * 12}, {"months": [1] * 11}),
    (Profile, {"weekdays": {"Sun": 0}}, {"weekdays": {"Sun": -1}}),
    (Profile, {"weekdays": {"Sat": 2.5}}, {"weekdays": {"Saturday": 1}}),
    (Member, {"head_count": 0}, {"head_count": -1}),
    (Member, {"open_cases": 1}, {"open_cases": 0}),
    (Member, {"annual_leave": 60}, {"annual_leave": 61}),
    (Member, {"hired": "2024-02-28"}, {"hired": "2024-02-30"}),
    (Team, {"head_count": 10_000}, {"head_count": 10_001}),
    (Team, {"discipline": "due"}, {"discipline": "fair"}),
    (Team, {"cost_centre": "service"}, {"cost_centre": "sales"}),
    (Team, {"shifts": "Mon 09:00-10:00"}, {"shifts": "Mon 9-10"}),
    (Effect, {"reads": "x", "coefficient": 1}, {"reads": "x"}),
    (Effect, {"reads": "x", "points": {0: 0.1, 1: 0.2}}, {"reads": "x", "points": {0: 0.1}}),
    (Effect, {"reads": "x", "points": {0: 0.1, 1: 0.2}},
     {"reads": "x", "points": {0: 0.1, 1: 0.2}, "coefficient": 1}),
    (Effect, {"reads": "x * 2", "coefficient": 0}, {"reads": "x *", "coefficient": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "good", "bad"), MODELS)
def test_a_block_takes_what_lies_on_its_bound_and_refuses_what_lies_beyond(model, good, bad):
    """Each rule of a block by the last value that it allows and the first that it does not."""
    assert set(good) == model.model_validate(good).model_fields_set
    with pytest.raises(ValidationError):
        model.model_validate(bad)


def test_a_horizon_says_what_is_measured():
    """Currency codes have three capitals, and start, warm-up and length must be there."""
    said = {"start": "2024-01-01", "warm_up": "0 d", "length": "1 wk", "currency": "EUR"}
    assert fixed(Horizon.model_validate(said).length) == 168
    for bad in ({"currency": "eur"}, {"currency": "EURO"}, {"start": "soon"}, {"length": 7}, {"warm_up": None}):
        with pytest.raises(ValidationError):
            Horizon.model_validate(said | bad)


SHIFTS = [
    ("Mon 09:00-17:00", {0: ((540, 1020),)}),
    ("mon-tue 9:00-10:00", {0: ((540, 600),), 1: ((540, 600),)}),
    ("Sat-Mon 00:00-24:00", {5: ((0, DAY),), 6: ((0, DAY),), 0: ((0, DAY),)}),
    ("Mon 22:00-06:00", {0: ((1320, DAY),), 1: ((0, 360),)}),
    ("Sun 22:00-06:00", {6: ((1320, DAY),), 0: ((0, 360),)}),
    ("Mon 09:00-12:00, 11:00-13:00", {0: ((540, 780),)}),
    ("Mon 14:00-18:00, 09:00-13:00", {0: ((540, 780), (840, 1080))}),
    ("Mon 09:00-10:00; Mon 10:00-11:00", {0: ((540, 660),)}),
    ("Mon, Wed 08:00-09:00", {0: ((480, 540),), 2: ((480, 540),)}),
]


@pytest.mark.parametrize(("text", "week"), SHIFTS)
def test_shifts_become_intervals_of_each_weekday(text, week):
    """Sorted and disjoint minutes of the day, over midnight and over Sunday."""
    assert parse_shifts(text) == tuple(week.get(day, ()) for day in range(7))
    assert TypeAdapter(Shifts).validate_python(text) == text


@pytest.mark.parametrize("text", ["", "Mon", "09:00-17:00", "Mo 09:00-17:00", "Mon 09:00", "Mon 25:00-26:00",
                                  "Mon 09:60-10:00", "Mon-Fri-Sat 09:00-10:00", "never",
                                  "Mon 09:00-17:00;"])  # fmt: skip
def test_shifts_that_cannot_be_read_are_refused(text):
    """Each with a sentence."""
    with pytest.raises(ValueError, match=r"cannot read|weekday|time of day"):
        parse_shifts(text)


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("9:05", 545), ("17:00", 1020), ("24:00", 1440)])
def test_times_of_day_are_minutes(text, minutes):
    """From midnight to midnight."""
    assert parse_time_of_day(text) == minutes
    assert TypeAdapter(TimeOfDay).validate_python(text) == text


@pytest.mark.parametrize("text", ["24:01", "12:60", "noon", "12", "-1:00", "12:00:00", ""])
def test_other_times_of_day_are_refused(text):
    """Beyond midnight, beyond the hour, and what is no time."""
    with pytest.raises(ValueError, match="cannot read the time of day"):
        parse_time_of_day(text)


BREAKS = [
    lambda said: said.pop("name"), lambda said: said.pop("horizon"), lambda said: said.update(caudal=2),
    lambda said: said.update(colour="red"), lambda said: said.update(channels={}),
    lambda said: said.update(processes=[]),
    lambda said: said["teams"]["sales"].update(head_count=-1),
    lambda said: said["teams"]["sales"].update(headcount=2),
    lambda said: said["processes"]["sales"]["steps"]["call"].update(kind="rest"),
    lambda said: said["processes"]["sales"]["steps"]["call"].pop("team"),
    lambda said: said["horizon"].update(currency="euro"), lambda said: said["channels"]["web"].update(grade="Z"),
    lambda said: said["processes"]["sales"]["steps"]["won"].update(result="great"),
]  # fmt: skip


@pytest.mark.parametrize("spoil", range(len(BREAKS)))
def test_the_json_schema_refuses_what_the_models_refuse(minimal, spoil):
    """The published schema takes the sound file and not the spoilt one."""
    said = yaml.safe_load(minimal)
    said["horizon"]["start"] = str(said["horizon"]["start"])
    checker = jsonschema.Draft202012Validator(json_schema())
    assert checker.is_valid(said)
    BREAKS[spoil](said)
    assert not checker.is_valid(said)


@pytest.mark.parametrize("raw", ["1,5 h", "1 250,50 EUR", "0,25", "12,5 %"])
def test_a_decimal_comma_is_answered_with_a_point(raw):
    """Portuguese and Romanian users write decimals with a comma; the sentence shows how it is written here."""
    with pytest.raises(ValueError, match="decimals with a point"):
        TypeAdapter(Duration).validate_python(raw)
