"""Every case finds its way from the first step to an end."""

import pytest

LOST = "      lost: {kind: end, outcome: lost, result: lost}\n"
WON = "      won: {kind: end, outcome: won, result: won}\n"
LOSE = "          lose: {to: lost}\n"
WIN = "          win: {probability: 25 %, to: won}\n"


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("to: won}", "to: wno}", "win: {"),
        ("        team: sales\n", "        team: sales\n        next: descision\n", "next: d"),
        ("        team: sales\n", "        team: sales\n        patience: {after: 2 d, to: lots}\n", "patience"),
        ("        team: sales\n", "        team: sales\n        balk: {at: 9, to: lots}\n", "balk"),
        ("        team: sales\n", "        team: sales\n        defect: {probability: 1 %, to: cal}\n", "defect"),
    ],
)
def test_a_route_to_a_missing_step_is_told_once(refuses, old, new, at):
    """One slip is one problem, with the step that was meant; that nothing leads there any more is not told too."""
    refuses(old, new, "there is no step", "did you mean", at=at)


def test_a_step_that_cannot_be_reached(refuses):
    """No route leads to it, and no step runs into it."""
    orphan = "      orphan: {kind: end, outcome: x}\n"
    refuses(LOST, LOST + orphan, "no case ever comes to 'orphan'", at="      orphan")


def test_a_loop_with_no_way_out(refuses):
    """A case that enters it would never leave."""
    loop = "      won: {kind: wait, duration: 1 d, next: again}\n      again: {kind: wait, duration: 1 d, next: won}\n"
    refuses(WON, loop, "a loop with no way out: from 'won', 'again' no case ever comes to an end")


def test_a_step_that_waits_for_itself(refuses):
    """The shortest loop is one step."""
    refuses(WON, "      won: {kind: wait, duration: 1 d, next: won}\n", "a loop with no way out: from 'won'")


def test_the_last_step_falls_off(refuses):
    """A list that does not close with an end leaves cases nowhere."""
    refuses(LOST, "      lost: {kind: wait, duration: 1 d}\n", "'lost' is the last of the list and no end")


def test_a_decision_may_fall_off_too(refuses):
    """An outcome without 'to' goes to the next step, and there is none."""
    last = "      lost: {kind: decide, next: '', outcomes: {a: {probability: 1, to: won}, b: {}}}\n"
    refuses(LOST, last, "'lost' is the last of the list and no end")


def test_a_decision_whose_outcomes_all_go_somewhere_may_stand_last(accepts):
    """Nothing runs off the list when every outcome says where it goes."""
    accepts(
        WON + LOST, WON + "      lost: {kind: decide, outcomes: {a: {probability: 50 %, to: won}, b: {to: call}}}\n"
    )


def test_nothing_follows_an_end(refuses):
    """A case that is over goes nowhere."""
    refuses(
        "outcome: won, result: won}",
        "outcome: won, result: won, next: lost}",
        "nothing follows an end",
        at="      won:",
    )


def test_an_outcome_that_takes_everything_stands_last(refuses):
    """Outcomes behind one without condition and probability would never be taken."""
    refuses(WIN, "          win: {to: won}\n", "'win' takes all that is left", "put it last")


@pytest.mark.parametrize(
    ("lose", "words"),
    [
        ("{probability: 50 %, to: lost}", "now 75 % are covered"),
        ("{when: interest > 0.5, to: lost}", "no outcome takes the cases that are left"),
        ("{probability: interest, to: lost}", "no outcome takes the cases that are left"),
    ],
)
def test_some_outcome_takes_the_rest(refuses, lose, words):
    """Without one a case might have nowhere to go."""
    refuses(LOSE, f"          lose: {lose}\n", words, at="        outcomes:")


def test_probabilities_that_add_up_to_one_take_everything(accepts):
    """Then nothing is left for a last outcome."""
    accepts(LOSE, "          lose: {probability: 75 %, to: lost}\n")


def test_probabilities_over_one(refuses):
    """Two likely outcomes cannot both be."""
    refuses(LOSE, "          more: {probability: 80 %, to: won}\n" + LOSE, "add up to 105 %", at="        outcomes:")


def test_outcomes_under_a_condition_are_not_added_up(accepts):
    """What applies to some cases only does not take from the others."""
    accepts(LOSE, "          keen: {when: interest > 0.9, probability: 90 %, to: won}\n" + LOSE)


BILLING = """\
  billing:
    steps:
      bill: {kind: post, account: invoiced, amount: 10 EUR}
      end: {kind: end, outcome: x}
"""


def test_a_process_that_nothing_starts(refuses):
    """Neither channel nor step leads to it."""
    refuses("processes:\n", "processes:\n" + BILLING, "'billing' is never started", at="  billing:")


def test_a_process_that_a_step_starts(problems, edited):
    """A spawn is a start, through any number of processes."""
    text = edited("processes:\n", "processes:\n" + BILLING)
    spawn = "      decision:\n"
    assert problems(text.replace(spawn, "      bills: {kind: spawn, process: billing}\n" + spawn)) == []


def test_a_misspelt_spawn_is_one_problem(problems, edited):
    """The process that was meant is not called unreachable as well."""
    text = edited("processes:\n", "processes:\n" + BILLING)
    (problem,) = problems(
        text.replace("      decision:\n", "      bills: {kind: spawn, process: biling}\n      decision:\n")
    )
    assert "there is no process 'biling'; did you mean 'billing'?" in problem.message


def test_a_process_that_always_starts_itself(refuses):
    """Each case brings another one, without end."""
    again = "      again: {kind: spawn, process: sales}\n"
    refuses("      decision:\n", again + "      decision:\n", "every case of 'sales' starts another one here", at=again)


def test_two_processes_that_always_start_each_other(problems, edited):
    """The circle is seen through as many processes as it has."""
    text = edited("processes:\n", "processes:\n" + BILLING)
    text = text.replace("      decision:\n", "      bills: {kind: spawn, process: billing}\n      decision:\n")
    text = text.replace("      bill:", "      back: {kind: spawn, process: sales, count: 2}\n      bill:")
    assert ["without end" in problem.message for problem in problems(text)] == [True, True]


@pytest.mark.parametrize(
    "spawn", ["{kind: spawn, process: sales, next: lost}", "{kind: spawn, process: sales, next: won}"]
)
def test_a_case_that_sometimes_starts_another_is_no_problem(accepts, spawn):
    """Referrals behind a decision die out, or at least may."""
    accepts(
        "          win: {probability: 25 %, to: won}\n          lose: {to: lost}\n",
        "          win: {probability: 25 %, to: won}\n          refer: {probability: 5 %, to: refer}\n"
        f"          lose: {{to: lost}}\n      refer: {spawn}\n",
    )


def test_less_than_one_child_is_no_endless_chain(accepts):
    """A fixed count below one rounds to none or dies out."""
    again = "      again: {kind: spawn, process: sales, count: 0}\n"
    accepts("      decision:\n", again + "      decision:\n")
