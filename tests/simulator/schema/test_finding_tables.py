"""One row for each finding of a scenario that is well-formed: its path and its essential words."""

import pytest

EFFORT = "effort: {lognormal: {median: 20 min, p90: 45 min}}"
HEADS = "    head_count: 2\n"
TEAM = "        team: sales\n"
RATE = "    rate: 2 000 /year\n"
PROCESS = "    process: sales\n"
INTEREST = "interest: {initial: 0.5}"
CHANCE = "probability: 25 %"
DECISION = "      decision:\n"
WON = "won: {kind: end, outcome: won, result: won}"
LOST = "lost: {kind: end, outcome: lost, result: lost}"
CALL = "processes.sales.steps.call"
WIN = "processes.sales.steps.decision.outcomes.win"


@pytest.fixture
def told(problems, edited):
    """Path and sentence of the one problem of an edit."""

    def only(old, new):
        (problem,) = problems(edited(old, new))
        return problem.path, problem.message

    return only


def row(path, words, old, new):
    """One edit, and what is said about it."""
    return pytest.param(old, new, path, words, id=f"{path}: {words}"[:60])


MAGNITUDES = [
    row(f"{WIN}.probability", "'150 %' is more than the whole", CHANCE, "probability: 150 %"),
    row(f"{WIN}.probability", "'-1' is negative: a share cannot be", CHANCE, "probability: -1"),
    row("channels.web.rate", "'-1 /d' is negative: a rate cannot be", RATE, "    rate: -1 /d\n"),
    row("teams.sales.cost", "'1e16 EUR/h' is absurdly large", "cost: 20 EUR/h", "cost: 1e16 EUR/h"),
    row("channels.web.growth", "a growth of '-2' leaves nothing", RATE, f"{RATE}    growth: -2\n"),
    row("channels.web.dispersion", "at least 1, which is Poisson", RATE, f"{RATE}    dispersion: 99 %\n"),
    row("teams.sales.cost", "'-1 EUR/h' is negative: an amount", "cost: 20 EUR/h", "cost: -1 EUR/h"),
    row("teams.sales.cost", "'1 GBP/d' is in GBP, the scenario is in EUR", "cost: 20 EUR/h", "cost: 1 GBP/d"),
    row("teams.sales.speed", "must be above 0, not '-1'", HEADS, f"{HEADS}    speed: -1\n"),
    row("teams.sales.availability", "must be above 0, not '0 %'", HEADS, f"{HEADS}    availability: 0 %\n"),
    row("teams.sales.availability", "'2' is more than the whole", HEADS, f"{HEADS}    availability: 2\n"),
    row("teams.sales.members.ana.speed", "must be above 0", HEADS, "    members: {ana: {speed: 0}}\n"),
    row(f"{CALL}.effort", "'-1 h' is negative: a time cannot be", EFFORT, "effort: -1 h"),
    row(f"{CALL}.effort", "goes down to -2 hours", EFFORT, "effort: {pert: {low: -2 h, mode: 1 h, high: 2 h}}"),
    row(f"{CALL}.effort", "goes far below 0", EFFORT, "effort: {normal: {mean: 1 h, sd: 2 h}}"),
    row("horizon.length", "the run is 0: nothing would be measured", "length: 52 wk", "length: 0 h"),
    row("horizon.length", "add up to 50.1 years", "length: 52 wk", "length: 50 y"),
    row("horizon.warm_up", "'-1 d' is negative", "warm_up: 4 wk", "warm_up: -1 d"),
    row("horizon.start", "starts in the year 1969", "2026-01-05", "1969-12-31"),
    row("horizon.start", "starts in the year 2201", "2026-01-05", "2201-01-01"),
    row("horizon.holidays", "no holidays are known for 'XX'", "holidays: PT", "holidays: XX"),
    row("horizon.time_zone", "no time zone 'Mars'; write one such as", "Europe/Lisbon", "Mars"),
    row("policies.fee", "'5 USD' is in USD", "teams:\n", "policies: {fee: 5 USD}\nteams:\n"),
]
REFERENCES = [
    row("channels.web.process", "no process 'sale'; did you mean 'sales'?", PROCESS, "    process: sale\n"),
    row("channels.web.brings.zzz", "there is no attribute 'zzz'", PROCESS, f"{PROCESS}    brings: {{zzz: 1}}\n"),
    row(f"{CALL}.team", "no team 'zzz'; valid such names: sales", TEAM, "        team: zzz\n"),
    row(f"{CALL}.stage", "there is no stage 'deal'", TEAM, f"{TEAM}        stage: deal\n"),
    row(f"{CALL}.effects[0]", "there is no effect 'keen'", TEAM, f"{TEAM}        effects: [keen]\n"),
    row(
        f"{CALL}.next",
        "there is no step 'zzz'",
        TEAM,
        f"{TEAM}        next: zzz\n        patience: {{after: 1 d, to: decision}}\n",
    ),
    row(f"{CALL}.priority", "the formula reads 'zzz'", TEAM, f"{TEAM}        priority: zzz\n"),
    row(f"{CALL}.routing.match", "levels 'zzz'", TEAM, f"{TEAM}        routing: {{match: zzz}}\n"),
    row(f"{WIN}.when", "'intrest', which is no attribute", CHANCE, "when: intrest > 1"),
    row(f"{WIN}.when", "GBP is another currency", CHANCE, "when: interest > 5 GBP"),
    row(f"{WIN}.effects[0]", "there is no effect 'a'", CHANCE, f"{CHANCE}, effects: [a]"),
    row(
        "attributes.interest.half_life",
        "a plain number is needed here",
        INTEREST,
        "interest: {half_life: {choice: {a: 1}}}",
    ),
    row("channels.web.source", "there is no source 'crm'; there are no sources", "our CRM", "crm"),
    row(
        "effects.x.reads", "the formula reads 'zzz'", "teams:\n", "effects: {x: {reads: zzz, coefficient: 1}}\nteams:\n"
    ),
    row("tools.bot.seats", "there is no team 'zzz'", "teams:\n", "tools: {bot: {seats: zzz}}\nteams:\n"),
]
FLOW = [
    row("processes.sales.steps.won", "no case ever comes to 'won'", "to: won}", "to: lost}"),
    row("processes.sales.steps.won.next", "nothing follows an end", WON, f"{WON[:-1]}, next: lost}}"),
    row("processes.sales.steps.lost", "is the last of the list and no end", LOST, "lost: {kind: wait, duration: 1 d}"),
    row(
        "processes.sales.steps.lost", "from 'lost' no case ever", LOST, "lost: {kind: wait, duration: 1 d, next: lost}"
    ),
    row("processes.sales.steps.won", "from 'won' no case ever", WON, "won: {kind: wait, duration: 1 d, next: won}"),
    row("processes.sales.steps.decision.outcomes", "now 75 % are covered", "lose: {to", "lose: {probability: 50 %, to"),
    row(
        "processes.sales.steps.decision.outcomes",
        "add up to 110 %",
        "lose: {to: lost}",
        "lose: {probability: 85 %, to: lost}",
    ),
    row(WIN, "'win' takes all that is left", "win: {probability: 25 %, to", "win: {to"),
    row("processes.sales.steps.x", "without end", DECISION, f"      x: {{kind: spawn, process: sales}}\n{DECISION}"),
    row(
        "processes.b",
        "'b' is never started",
        "processes:\n",
        "processes:\n  b: {steps: {e: {kind: end, outcome: x}}}\n",
    ),
]
ARRIVALS = [
    row("channels.web", "channel 'web' brings nothing", RATE, ""),
    row("channels.web.interval", "must be above 0", RATE, "    interval: 0 h\n"),
    row("channels.web.interval", "may read policies only", RATE, "    interval: 2 h * interest\n"),
    row("channels", "about 2.1e+08 leads", RATE, "    rate: 200 000 000 /year\n"),
    row("channels", "20 000 000 at most", RATE, "    interval: 0.1 s\n"),
    row("channels.web.profile.hours", "all weights of the hours", RATE, f"{RATE}    profile: {{hours: {{8-9: 0}}}}\n"),
    row("channels.web.profile.weekdays", "are 0", RATE, f"{RATE}    profile: {{weekdays: {{Sun: 0}}}}\n"),
    row("channels.web.profile.hours.9-9", "cannot read", RATE, f"{RATE}    profile: {{hours: {{9-9: 1}}}}\n"),
    row("channels.web.profile.hours.9-11", "overlap", RATE, f"{RATE}    profile: {{hours: {{8-10: 1, 9-11: 1}}}}\n"),
    row("channels.web.trace.file", "no file 'x.csv'", RATE, "    trace: {file: x.csv, column: a}\n"),
    row("segments", "the shares of all segments are 0", "teams:\n", "segments: {a: {share: 0 %}}\nteams:\n"),
    row("products", "the shares of all products are 0", "teams:\n", "products: {a: {share: 0}}\nteams:\n"),
]
STAFFING = [
    row("teams.sales", "in which there is nobody", HEADS, "    head_count: 0\n"),
    row(
        "teams.sales",
        "nobody is left in team 'sales' after 2026-06-30",
        HEADS,
        "    members: {a: {leaves: 2026-06-30}}\n",
    ),
    row("teams.sales", "before the run ends on 2027-01-31", HEADS, "    members: {a: {hired: 2027-02-01}}\n"),
    row(CALL, "serves by priority, and this step states none", HEADS, f"{HEADS}    discipline: priority\n"),
    row(CALL, "serves by due date, and this step states none", HEADS, f"{HEADS}    discipline: due\n"),
]
NAMES = [
    row("attributes.Size", "is no name", INTEREST, f"{INTEREST}\n  Size: {{}}"),
    row("attributes.ação", "such as 'acao'", INTEREST, f"{INTEREST}\n  ação: {{}}"),
    row("attributes.age", "already a number that every case has", INTEREST, f"{INTEREST}\n  age: {{}}"),
    row("attributes.min", "already a function", INTEREST, f"{INTEREST}\n  min: {{}}"),
    row("attributes.class", "a word of the formula language", INTEREST, f"{INTEREST}\n  class: {{}}"),
    row("attributes.interest", "already a policy", INTEREST, f"{INTEREST}\npolicies: {{interest: 1}}"),
    row("attributes.s.levels", "'a' stands twice", INTEREST, f"{INTEREST}\n  s: {{levels: [a, b, a]}}"),
    row("segments.interest", "already an attribute", "teams:\n", "segments: {interest: {}}\nteams:\n"),
    row("processes.sales.steps.won.outcome", "is no name", "outcome: won,", "outcome: Won it,"),
    row("teams.9lives", "beginning with a letter", "teams:\n", "teams:\n  9lives: {head_count: 1}\n"),
]
CURVES = [
    row(
        "effects.x.reference",
        "cannot read 'soon'",
        "teams:\n",
        "effects: {x: {reads: age, coefficient: 1, reference: soon}}\nteams:\n",
    ),
    row(
        "effects.x.points.2",
        "cannot be a probability on a curve",
        "teams:\n",
        "effects: {x: {reads: age, points: {1: 10 %, 2: 110 %}}}\nteams:\n",
    ),
    row(
        "effects.x.points.1 h",
        "same place on the curve",
        "teams:\n",
        "effects: {x: {reads: age, points: {1: 10 %, 1 h: 20 %}}}\nteams:\n",
    ),
    row(f"{WIN}.probability.range", "begins at '0.3'", CHANCE, "probability: {value: 25 %, range: ['0.3', '0.2']}"),
    row("teams.sales.range", "cannot read 'x'", HEADS, f"{HEADS}    range: [x, 2]\n"),
]


@pytest.mark.parametrize(
    ("old", "new", "path", "words"), [*MAGNITUDES, *REFERENCES, *FLOW, *ARRIVALS, *STAFFING, *NAMES, *CURVES]
)
def test_each_finding_stands_at_its_place(told, old, new, path, words):
    """One slip is one problem, at the path that states it, in words that name it."""
    where, message = told(old, new)
    assert where == path
    assert words in message
