"""Names that are used and defined nowhere."""

import pytest

STEP = "        team: sales\n"
CHANNEL = "    process: sales\n"
ATTRIBUTE = "interest: {initial: 0.5}"
DECISION = "      decision:\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (STEP, "        team: slaes\n", "there is no team 'slaes'; did you mean 'sales'?"),
        (STEP, "        team: ''\n", "there is no team ''"),
        (CHANNEL, "    process: slaes\n", "there is no process 'slaes'; did you mean 'sales'?"),
        (STEP, f"{STEP}        stage: lead\n", "there is no stage 'lead'; there are no such names here"),
        (STEP, f"{STEP}        effects: [speed]\n", "there is no effect 'speed'"),
        (STEP, f"{STEP}        automation: {{tool: robot, share: 1}}\n", "there is no tool 'robot'"),
        (STEP, f"{STEP}        defect: {{probability: 1 %, effects: [speed]}}\n", "there is no effect 'speed'"),
        (STEP, f"{STEP}        routing: {{match: sgment}}\n", "there is no attribute with levels 'sgment'"),
        (STEP, f"{STEP}        routing: {{match: interest}}\n", "the attribute 'interest' has no levels"),
        (
            CHANNEL,
            f"{CHANNEL}    brings: {{intrest: 1}}\n",
            "there is no attribute 'intrest'; did you mean 'interest'?",
        ),
        (DECISION, f"      more: {{kind: set, values: {{intrest: 1}}}}\n{DECISION}", "there is no attribute 'intrest'"),
        ("    source: our CRM\n", "    source: our_crm\n", "there is no source 'our_crm'"),
        ("teams:\n", "tools: {robot: {seats: slaes}}\nteams:\n", "there is no team 'slaes'"),
        ("probability: 25 %", "probability: 25 %, effects: [speed]", "there is no effect 'speed'"),
        (
            "probability: 25 %",
            "probability: {value: 25 %, source: study_x}",
            "there is no source 'study_x'; there are no sources here",
        ),
        (
            DECISION,
            f"      more: {{kind: spawn, process: sales, channel: wbe, count: 0}}\n{DECISION}",
            "there is no channel 'wbe'; did you mean 'web'?",
        ),
        (
            "    head_count: 2\n",
            "    members: {ana: {skills: {interest: [high]}}}\n",
            "the attribute 'interest' has no levels",
        ),
    ],
)
def test_an_unknown_name(problems, edited, old, new, words):
    """One problem at the line of the slip, with the nearest name that exists."""
    text = edited(old, new)
    (problem,) = problems(text)
    first = edited(old, "\0").partition("\0")[0].count("\n") + 1
    assert words in problem.message
    assert problem.line in range(first, first + max(1, new.count("\n")))


def test_a_source_may_be_a_sentence(accepts):
    """Only what looks like a key is looked up."""
    accepts("    source: our CRM\n", "    source: Smith 2024, table 3\n")


def test_levels_of_skills(problems, edited):
    """A skill names levels of its attribute."""
    text = edited("    head_count: 2\n", "    members: {ana: {skills: {segment: [smal]}}}\n")
    (problem,) = problems(text.replace("teams:\n", "segments: {small: {}, large: {}}\nteams:\n"))
    assert problem.path == "teams.sales.members.ana.skills.segment[0]"
    assert "there is no level of 'segment' 'smal'; did you mean 'small'?" in problem.message


@pytest.mark.parametrize(
    ("brings", "words"),
    [
        ("size: {choice: {smal: 1, large: 1}}", "there is no level of 'size' 'smal'"),
        ("size: b2b", "there is no level of 'size' 'b2b'"),
        ("interest: {choice: {small: 1, large: 1}}", "'small' is no number, and 'interest' has no levels"),
    ],
)
def test_levels_as_values(problems, edited, brings, words):
    """A value that names a level names one of its own attribute."""
    text = edited(ATTRIBUTE, f"{ATTRIBUTE}\n  size: {{levels: [small, large]}}\nsegments: {{b2b: {{}}, b2c: {{}}}}")
    found = problems(text.replace(CHANNEL, f"{CHANNEL}    brings: {{{brings}}}\n"))
    assert any(words in problem.message for problem in found)


def test_levels_have_no_place_in_an_effort(problems, edited):
    """A duration cannot be a level."""
    text = edited("effort: {lognormal: {median: 20 min, p90: 45 min}}", "effort: {choice: {small: 1, large: 1}}")
    assert any("levels have no place here" in problem.message for problem in problems(text))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("probability: 25 %", "probability: intrest * 0.5", "reads 'intrest', which is no attribute, policy or level"),
        ("probability: 25 %", "probability: intrest * 0.5", "did you mean 'interest'?"),
        ("probability: 25 %", "when: intrest > 0.5", "did you mean 'interest'?"),
        ("probability: 25 %", "when: interest >", "neither a quantity nor a formula"),
        ("probability: 25 %", "when: interest > 500 USD", "USD is another currency than the scenario's EUR"),
        ("probability: 25 %", "probability: interest / 9 RON", "RON is another currency"),
        ("teams:\n", "effects: {x: {reads: waitd, coefficient: 1}}\nteams:\n", "did you mean 'waited'?"),
        ("teams:\n", "effects: {x: {reads: waited +, coefficient: 1}}\nteams:\n", "neither a quantity nor a formula"),
    ],
)
def test_formulas_that_cannot_be_computed(problems, edited, old, new, words):
    """Unknown names, foreign money and broken syntax, wherever a formula stands."""
    (problem,) = problems(edited(old, new))
    assert words in problem.message


LEVELS = f"{ATTRIBUTE}\n  size: {{levels: [small, mid, large]}}\nsegments: {{mid: {{}}, large: {{}}}}"


@pytest.mark.parametrize(
    ("formula", "ambiguous"),
    [
        ("segment == mid", []),
        ("size == mid or size > mid", []),
        ("interest > mid", ["mid"]),
        ("min(large, 3) > interest", ["large"]),
        ("interest > small", []),
    ],
)
def test_a_level_of_several_attributes_is_compared_with_one(problems, edited, formula, ambiguous):
    """Where nothing says which attribute is meant, the number of the level is not clear."""
    found = problems(edited(ATTRIBUTE, LEVELS).replace("probability: 25 %", f"when: '{formula}'"))
    assert [problem.message.split("'")[1] for problem in found] == ambiguous


def test_the_target_of_a_value_says_which_level_is_meant(problems, edited):
    """Setting an attribute to one of its levels is clear."""
    text = edited(ATTRIBUTE, LEVELS).replace(
        DECISION, f"      classed: {{kind: set, values: {{size: mid}}}}\n{DECISION}"
    )
    assert problems(text) == []
