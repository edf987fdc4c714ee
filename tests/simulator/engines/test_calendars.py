"""Sections 5 and 7 of docs/semantics.md: shifts, holidays, leave, hire, speed; schedules and business hours."""

import pytest

from tests.simulator.engines.toys import log, toy


def starts(team, come, effort="1 h", horizon="{}"):
    """Lines of one work step for cases that come at some hours."""
    comers = ", ".join(f"c{index}: {hour}" for index, hour in enumerate(come))
    program = toy(f"""
      horizon: {horizon}
      come: {{{comers}}}
      teams: {{t: {{head_count: 1, {team}}}}}
      steps: {{u: {{kind: work, team: t, effort: {effort}}}}}
    """)
    return [" ".join(line.split()[2:5]) for line in log(program, only=["u"])]


OFFICE = 'shifts: "Mon-Fri 09:00-13:00, 14:00-18:00"'


@pytest.mark.parametrize(
    ("come", "effort", "expected"),
    [
        (8, "1 h", "8 9 10"),  # before the shift
        (12, "2 h", "12 12 15"),  # over lunch
        (17, "2 h", "17 17 34"),  # over night
        (4 * 24 + 17, "2 h", "113 113 178"),  # over the week-end
        (9, "20 h", "9 9 61"),  # two and a half days
        (13.5, "4 h", "13.5 14 18"),  # ends with the shift
        (13.5, "241 min", f"13.5 14 {33 + 1 / 60:.15g}"),
        (13, "0 h", "13 14 14"),  # no effort at all still needs someone on shift
    ],
)
def test_work_stops_at_the_end_of_the_shift_and_goes_on_at_the_next(come, effort, expected):
    """Nights, lunches and week-ends pass without work."""
    horizon = "{length: 14 d}"
    assert starts(OFFICE, [come], effort, horizon) == [expected]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    """Monday 05:00 is Sunday's night, which nobody works; Saturday 05:00 is Friday's."""
    night = 'shifts: "Mon-Fri 22:00-06:00"'
    assert starts(night, [5], "4 h") == ["5 22 26"]
    assert starts(night, [5 * 24 + 5], "1 h") == ["125 125 126"]
    assert starts(night, [5 * 24 + 5], "2 h", "{length: 9 d}") == ["125 125 191"]


def test_nobody_works_on_public_holidays_unless_the_team_does():
    """New Year's Day of 2024 is a Monday."""
    assert starts(OFFICE, [10], horizon="{holidays: PT}") == ["10 33 34"]
    assert starts(f"{OFFICE}, works_holidays: true", [10], horizon="{holidays: PT}") == ["10 10 11"]
    assert starts(OFFICE, [10]) == ["10 10 11"]


def test_an_absence_holds_its_first_and_its_last_day():
    """Away on Monday and Tuesday, back on Wednesday morning; work under way waits."""
    away = f"{OFFICE}, absences: [{{first: 2024-01-02, last: 2024-01-03}}]"
    assert starts(away, [17], "2 h") == ["17 17 82"]
    assert starts(away, [34]) == ["34 81 82"]


def test_annual_leave_takes_whole_weeks_staggered_over_the_colleagues():
    """Five days of the first person fall into ISO week 33, of the second into week 13; the second moves nothing."""
    text = """
      horizon: {{start: {}, length: 14 d}}
      channels: {{a: {{process: p, drops: [{{date: {}, leads: 2}}]}}}}
      teams: {{t: {{head_count: {}, {}, annual_leave: 5}}}}
      steps: {{u: {{kind: work, team: t, effort: 1 h}}}}
    """
    one = log(toy(text.format("2024-08-12", "2024-08-12", 1, OFFICE)), only=["u"])
    assert [line.split()[3] for line in one] == ["177", "178"]
    for monday, who in (("2024-03-25", "staff 1"), ("2024-08-12", "staff 2")):
        two = log(toy(text.format(monday, monday, 2, OFFICE)), only=["u"])
        assert [line.split(maxsplit=5)[3:] for line in two] == [["9", "10", who], ["10", "11", who]]


def test_the_first_and_the_last_day_are_worked():
    """Hired on Wednesday: no start before; leaving on Tuesday: no start after, and what waits is left."""
    assert starts(f"{OFFICE}, members: {{x: {{hired: 2024-01-03}}}}".replace("head_count: 1", ""), [10])
    text = """
      come: {{a: 10, b: 41.5, c: 58}}
      teams: {{t: {{members: {{x: {{{}}}, y: {{shifts: "Sun 00:00-01:00"}}}}, {}}}}}
      steps: {{u: {{kind: work, team: t, effort: 1 h}}}}
    """
    hired = log(toy(text.format("hired: 2024-01-03", OFFICE)), only=["u"])
    assert hired == ["a u 10 57 58 x", "b u 41.5 58 59 x", "c u 58 59 60 x"]
    leaves = log(toy(text.format("leaves: 2024-01-02", OFFICE)), only=["u"])
    # b was begun at half past five on the last day, and is handed over as it is at midnight; c goes to who is left.
    assert leaves == ["a u 10 10 11 x", "b u 41.5 41.5 48 x", "c u 58 144 145 y"]


@pytest.mark.parametrize(("come", "hours"), [(0, 4.0), (60, 2.0 / 0.625), (120, 2.0 / 0.75), (240, 2.0), (300, 2.0)])
def test_the_ramp_is_read_when_the_work_starts(come, hours):
    """From half the speed on the first day to full speed ten days later, in a straight line."""
    program = toy(f"""
      horizon: {{length: 20 d}}
      come: {{a: {come}}}
      teams: {{t: {{members: {{x: {{hired: 2024-01-01}}}}, shifts: always, ramp_up: 10 d, ramp_from: 50 %}}}}
      steps: {{u: {{kind: work, team: t, effort: 2 h}}}}
    """)
    assert log(program, only=["u"]) == [f"a u {come} {come} {come + hours:.15g} x"]


def test_those_who_were_there_before_need_no_ramp():
    """Without a date of hire the ramp of the team does not apply."""
    assert starts("shifts: always, ramp_up: 10 d, ramp_from: 50 %", [0], "2 h") == ["0 0 2"]


def test_effort_is_divided_by_speed_and_availability():
    """Twice as fast and a quarter of the time available: an hour takes two."""
    assert starts("shifts: always, speed: 2, availability: 25 %", [1]) == ["1 1 3"]
    assert starts("shifts: always, speed: 1.25", [1]) == ["1 1 1.8"]


def until(schedule, come=10.0, start="2024-01-01"):
    """Hour at which a wait for a schedule ends."""
    program = toy(f"""
      horizon: {{start: {start}, length: 70 d}}
      come: {{a: {come}}}
      steps: {{w: {{kind: wait, until: {schedule}}}}}
    """)
    return log(program, only=["w"])[0].split()[4]


@pytest.mark.parametrize(
    ("schedule", "come", "expected"),
    [
        ("{weekdays: [Mon, Thu], at: '17:00'}", 10, "17"),
        ("{weekdays: [Mon, Thu], at: '17:00'}", 17, "17"),  # not before is now
        ("{weekdays: [Mon, Thu], at: '17:00'}", 17.5, "89"),
        ("{weekdays: [Sun]}", 10, "144"),
        ("{month_days: [15], at: '12:00'}", 10, "348"),
        ("{month_days: [15, last]}", 400, "720"),
        ("{month_days: [last]}", 725, "1416"),  # 29 February
        ("{dates: [2024-01-20, 2024-01-05]}", 10, "96"),
        ("{dates: [2024-01-20, 2024-01-05]}", 100, "456"),
        ("{dates: [2024-01-05, 2023-12-24]}", 100, "-"),  # never again
        ("{weekdays: [Wed], dates: [2024-01-02]}", 10, "24"),
    ],
)
def test_a_schedule_is_waited_for(schedule, come, expected):
    """The next of its moments that is not before now."""
    assert until(schedule, come) == expected


def test_a_duration_passes_before_the_schedule_is_looked_at():
    """Ten days of credit, then the payment run of Thursday."""
    program = toy(
        "{horizon: {length: 30 d}, come: {a: 10}, steps: {w: {kind: wait, duration: 10 d, until: {weekdays: [Thu]}}}}"
    )
    assert log(program, only=["w"]) == ["a w 10 10 408"]


@pytest.mark.parametrize(
    ("come", "duration", "expected"),
    [
        (10, "2 h", "12"),
        (17, "2 h", "34"),
        (113, "1.5 h", "177.5"),
        (20, "0 h", "20"),
        (3, "9 h", "18"),
        (3, "9.5 h", "33.5"),
    ],
)
def test_the_business_clock_counts_business_hours(come, duration, expected):
    """Nine to six from Monday to Friday; nothing to wait for is over at once."""
    program = toy(f"""
      horizon: {{length: 14 d}}
      come: {{a: {come}}}
      steps: {{w: {{kind: wait, duration: {duration}, clock: business}}}}
    """)
    assert log(program, only=["w"])[0].split()[4] == expected


def test_the_business_clock_stands_still_on_holidays():
    """New Year's Day does not count."""
    program = toy("{horizon: {holidays: PT}, come: {a: 10}, steps: {w: {kind: wait, duration: 2 h, clock: business}}}")
    assert log(program, only=["w"]) == ["a w 10 10 35"]
