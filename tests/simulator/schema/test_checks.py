"""All subjects together."""

from simulator.schema.paths import MOST_FINDINGS


def test_a_wait_that_takes_no_time(refuses):
    """Neither a duration nor a schedule: most likely one was forgotten."""
    pause = "      pause: {kind: wait}"
    refuses("      decision:\n", f"{pause}\n      decision:\n", "this wait takes no time")


def test_two_attributes_for_one_role(refuses):
    """A customer has one satisfaction; the second attribute that claims to be it is told which one is."""
    both = "interest: {initial: 0.5, role: satisfaction}\n  mood: {role: satisfaction}"
    told = "'interest' is the customer's satisfaction already"
    refuses("interest: {initial: 0.5}", both, told, at="  mood:")


def test_a_file_full_of_slips_is_told_in_part(problems, edited):
    """Hundreds of problems are enough to begin with, and that there are more is said."""
    works = "".join(f"      work_{n}: {{kind: work, team: t{n}, effort: 1 h}}\n" for n in range(2 * MOST_FINDINGS))
    found = problems(edited("    steps:\n", f"    steps:\n{works}"))
    assert len(found) == MOST_FINDINGS + 1
    assert "there is more" in found[0].message


def test_a_file_full_of_unknown_keys_is_told_in_part(problems, edited):
    """The same holds for what is malformed."""
    keys = "".join(f"    key_{n}: 1\n" for n in range(2 * MOST_FINDINGS))
    assert len(problems(edited("    head_count: 2\n", f"    head_count: 2\n{keys}"))) == MOST_FINDINGS


def test_one_subject_does_not_hide_another(problems, edited):
    """Names, flow, staffing, arrivals, numbers and curves are all looked at."""
    text = edited("team: sales", "team: slaes")
    for old, new in {
        "interest: {initial: 0.5}": "Interest: {initial: 0.5}",
        "to: won}": "to: lost}",
        "rate: 2 000 /year": "rate: 9 000 000 000 /year",
        "length: 52 wk": "length: 0 d",
        "teams:": "effects: {x: {reads: age, points: {a: 1 %, 2: 2 %}}}\nteams:",
    }.items():
        text = edited(old, new, text=text)
    assert [problem.path for problem in problems(text)] == [
        "horizon.length",
        "attributes.Interest",
        "channels",
        "effects.x.points.a",
        "processes.sales.steps.call.team",
        "processes.sales.steps.won",
    ]
