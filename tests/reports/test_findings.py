import math
import re

import numpy as np
import pytest

from reports import wording
from reports.changes import decisive, detectable, verdict_line
from reports.findings import findings
from simulator.experiment.comparison import Difference, compare


def plain(text):
    """The text with ordinary spaces and minus signs."""
    return text.replace(wording.SPACE, " ").replace(wording.MINUS, "-")


def about(found, topic):
    """All sentences on a topic, in one."""
    return plain(" ".join(finding.sentence for finding in found if finding.topic == topic))


def test_the_clog_is_the_team_with_most_waiting_and_its_main_cause(base):
    """Team, hours, share and cause come from the waiting by team and cause."""
    told = about(findings(base), "Waiting")
    assert "Cases wait longest for Inside sales: 250 000 h in the measured time, 69.4 % of all waiting" in told
    assert "76.0 % of it because of: everybody busy" in told


def test_the_clog_moves_with_the_figures(base):
    """When another team waits most, the finding names it, and says what shifts can do."""
    hours = np.array([[10.0, 5, 0, 0, 0], [900, 50, 0, 0, 0], [20, 400, 0, 0, 0]])
    from dataclasses import replace

    told = about(findings(replace(base, pictures=base.pictures._replace(waiting=hours))), "Waiting")
    assert "Cases wait longest for Sales reps: 950 h" in told
    assert "more people on the same shifts would not" in told
    assert "During shifts cases wait longest for Fitters: 400 h, 87.9 %" in told


def test_waiting_that_no_team_can_shorten_is_told(base):
    """The largest cause over all waiting of a lead is named when it is not a team's."""
    share = base.samples["waiting_customer"].mean() / base.samples["waiting_total"].mean()
    assert f"largest part, {100 * share:.1f} %, is waiting for the customer" in about(findings(base), "Waiting")


def test_the_busiest_and_the_least_busy_team_are_named(base, study):
    """What high utilisation means is said only where it is high."""
    told = about(findings(base), "People")
    assert "busiest team is Inside sales: at work 91." in told
    assert "little room" in told
    assert "least busy is Fitters" in told
    calm = about(findings(study(utilisation_sdr=0.66)), "People")
    assert "little room" not in calm


def test_speed_to_lead_tells_those_never_contacted(base, study):
    """Median, share within an hour and share never contacted, the last only where there are such leads."""
    assert "never contacted" in about(findings(base), "Speed to lead")
    assert "never contacted" not in about(findings(study(never_contacted=0.0)), "Speed to lead")


def test_the_drop_is_where_the_smallest_share_goes_on(base, study):
    """The narrowest passage of the funnel is found by its conversion."""
    assert "between Contacted and Offer sent: 21.4 %" in about(findings(base), "Funnel")
    other = study(conversion_order_from_previous=0.1)
    assert "between Offer sent and Order: 10.0 %" in about(findings(other), "Funnel")


def test_the_cash_gap_is_found_where_it_is_widest(base):
    """The gap is cost less cash, at its largest over the weeks."""
    assert "100 000 EUR ahead of the money collected" in about(findings(base), "Cash")


def test_cash_that_covers_cost_has_no_gap(study):
    """Where collected money always covers cost, it is said so."""
    assert "covers the spending" in about(findings(study(cost_total=1_000_000.0)), "Cash")


def test_a_margin_that_may_be_a_loss_is_not_called_a_gain(study):
    """An interval around zero is said to tell neither."""
    unsure = study(margin=100.0, noise=30.0)
    assert "earns or loses money cannot be told" in about(findings(unsure), "Margin")


def test_sure_changes_are_better_or_worse_with_interval_and_adjusted_p(base, faster, comparison):
    """Direction decides the word: a higher acquisition cost is worse, a sooner answer better."""
    told = [plain(f.sentence) for f in findings(base, [faster], comparison) if f.kind == "change"]
    better = next(sentence for sentence in told if sentence.startswith("Better"))
    worse = next(sentence for sentence in told if sentence.startswith("Worse"))
    assert "first response, median -17.0 h (from" in better
    assert "customer acquisition cost +7" in worse
    assert "adjusted p < 0.001" in better


def test_what_could_not_be_told_comes_with_what_could_have_been_missed(base, faster, comparison):
    """A verdict of not distinguishable says how large a change could hide behind it."""
    (unclear,) = (f for f in findings(base, [faster], comparison) if f.sentence.startswith("Not distinguishable"))
    assert "leads (" in unclear.sentence
    assert "four times out of five" in unclear.sentence


def test_a_difference_of_detectable_size_is_found_four_times_out_of_five():
    """The size that a finding names is checked by drawing studies with that true difference."""
    rng = np.random.default_rng(5)
    n, spread, family = 20, 3.0, 10
    half = spread / math.sqrt(n) * 2.093
    size = detectable(Difference(0, -half, half, 1, 1, "not distinguishable", n), family)
    samples = rng.normal(size, spread, (4000, n))
    t = samples.mean(axis=1) / (samples.std(axis=1, ddof=1) / math.sqrt(n))
    from scipy import stats

    found = (2 * stats.t.sf(abs(t), n - 1) < 0.05 / family).mean()
    assert found == pytest.approx(0.8, abs=0.05)


def test_one_replication_claims_nothing(study):
    """Without intervals there is neither better nor worse nor a size that could be missed."""
    one, other = study(replications=1), study("Other", replications=1, margin=1e6)
    told = findings(one, [other], compare(one, [other]))
    assert not [finding for finding in told if finding.kind in {"change", "unclear"}]


def test_warnings_come_first_and_once(base, study):
    """A warning of all scenarios is told once, before everything else."""
    loud = [study(warnings=("Too short.",)), study("Other", warnings=("Too short.", "Overload."))]
    told = findings(loud[0], loud[1:], compare(loud[0], loud[1:]))
    assert [(f.topic, f.sentence) for f in told[:2]] == [("All scenarios", "Too short."), ("Other", "Overload.")]


def test_findings_carry_their_figures(base, faster, comparison):
    """Every finding but a warning has figures with units, and weights never rise from one to the next."""
    told = findings(base, [faster], comparison)
    assert all(f.figures and all(figure.unit for figure in f.figures) for f in told if f.kind != "warning")
    assert [f.weight for f in told] == sorted((f.weight for f in told), reverse=True)


def test_a_year_without_leads_has_one_finding(silent):
    """Nothing is told of shares and times that no lead had."""
    assert [finding.sentence for finding in findings(silent)] == ["No lead came in the measured time of Nobody calls."]


def test_the_verdict_line_names_what_wins_and_what_cannot_be_told(base, faster, study):
    """One line holds the decisive KPI, each scenario's verdict and its interval."""
    same = study("The same again")
    line = plain(verdict_line(base, compare(base, [faster, same])))
    assert re.match(r"Margin, 2\d\d \d\d\d EUR in “Today”: better, \+\d\d \d\d\d EUR \(from ", line)
    assert "with “Two more people in inside sales”; not distinguishable, " in line
    assert line.endswith(" EUR), with “The same again”.")


def test_the_verdict_line_stays_short(base, study):
    """Of many scenarios the two with the largest differences are named, and the rest counted."""
    many = [study(f"Option {i}", margin=280_000.0 + 10_000 * i) for i in range(5)]
    line = plain(verdict_line(base, compare(base, many)))
    assert line.index("Option 4") < line.index("Option 3")
    assert line.endswith("and 3 more.")
    assert "Option 1" not in line


def test_the_verdict_line_falls_back_on_what_has_a_value(study, silent):
    """A study without money is judged by its orders, and one without anything says so."""
    free = study(margin=0.0)
    assert decisive(free) == "orders"
    assert "nothing happened" in verdict_line(silent, None)
