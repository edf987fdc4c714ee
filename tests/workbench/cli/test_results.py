"""What `run` and `compare` print and write, against what the library computes."""

import json
import math
import re
from pathlib import Path

import pytest

from reports.certainty import CHANCES
from reports.changes import detectable
from simulator.experiment.comparison import compare
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.experiment.trust import Checks, spoilt
from simulator.experiment.warm_up import Settling
from simulator.schema.loading import load_scenario
from workbench.cli.compare import best_table, comparison_content, contrast_table, detectable_table
from workbench.cli.figures import figure
from workbench.cli.run import study_content, study_table

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
SHORT = ("--replications", "12", "--jobs", "1", "--warm-up", "1 wk", "--length", "4 wk", "--seed", "3")
PLAN = Plan(seed=3, replications=12, jobs=1, warm_up=168.0, length=672.0)


@pytest.fixture(scope="module")
def costly(tmp_path_factory):
    """The toy scenario with a third seller."""
    path = tmp_path_factory.mktemp("other") / "costly.yaml"
    text = TOY.read_text(encoding="utf-8").replace("head_count: 2", "head_count: 3").replace("Toy", "Costly")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def studies(costly):
    """Both scenarios, run by the library."""
    return run_all([load_scenario(TOY), load_scenario(costly)], PLAN)


@pytest.fixture(scope="module")
def comparison(studies):
    """The second against the first."""
    return compare(studies[0], studies[1:])


def test_the_json_of_run_is_the_study(caudal, studies):
    """Each KPI of the catalogue with the figures of the library, to the last digit; what is undefined is null."""
    written = json.loads(caudal("run", TOY, *SHORT, "--json", "-")[1])
    base = studies[0]
    assert (written["scenario"], written["seed"], written["replications"]) == (str(TOY), 3, 12)
    assert list(written["kpis"]) == list(base.catalogue)
    assert written["warnings"] == list(base.warnings)
    for name, estimate in base.estimates().items():
        found = written["kpis"][name]
        assert (found["n"], found["unit"]) == (estimate.n, estimate.unit)
        for field in ("mean", "low", "high"):
            value = getattr(estimate, field)
            assert found[field] == (value if math.isfinite(value) else None), (name, field)


def test_the_json_of_compare_is_the_comparison(caudal, costly, comparison, studies):
    """Each difference with its interval, adjusted p, verdict and what would have been seen, and both families."""
    code, out, _ = caudal("compare", TOY, costly, *SHORT, "--json", "-")
    written = json.loads(out)
    assert code == 0
    assert written["base"] == str(TOY)
    assert written["primary"] == list(comparison.primary)
    assert (written["tests"], written["other_tests"]) == (comparison.family, comparison.tests)
    (other,) = written["others"]
    assert other["scenario"] == str(costly)
    differences = comparison.others[0].differences
    assert list(other["differences"]) == list(differences)
    for name, difference in differences.items():
        told = other["differences"][name]
        own = {field: getattr(difference, field) for field in told if field != "detectable"}
        own["detectable"] = detectable(difference, comparison.tests_of(name))
        for field, found in told.items():
            value = own[field]
            undefined = isinstance(value, float) and not math.isfinite(value)
            assert found == (None if undefined else value), (name, field)


def test_named_kpis_decide_alone(caudal, costly, studies):
    """--kpi makes a family of its own, needs no --precision, and is shown though it is no headline."""
    arguments = ("compare", TOY, costly, *SHORT, "--kpi", "cost_total")
    expected = compare(studies[0], studies[1:], ("cost_total",))
    written = json.loads(caudal(*arguments, "--json", "-")[1])
    assert (written["primary"], written["tests"]) == (["cost_total"], 1)
    told = written["others"][0]["differences"]
    assert told["cost_total"]["p_adjusted"] == expected.others[0].differences["cost_total"].p_value
    assert "Orders (exploratory)" in caudal(*arguments)[1]
    code, _, err = caudal("compare", TOY, costly, *SHORT, "--kpi", "utilisation_sellers")
    assert code == 2
    assert "neither more nor less is better" in err


def test_compare_lets_both_engines_run(caudal, costly):
    """The trust card says over which weeks they agreed, not that nobody looked."""
    card = {
        line["topic"]: line for line in json.loads(caudal("compare", TOY, costly, *SHORT, "--json", "-")[1])["trust"]
    }
    assert card["Engines"]["standing"] == "fine"
    assert "all 2 scenarios" in card["Engines"]["found"]


def test_several_others_stand_in_the_order_asked_for(caudal, costly):
    """Two what-ifs and the base itself: three entries, named as the user named them."""
    out = caudal("compare", TOY, costly, TOY, costly, *SHORT, "--json", "-")[1]
    others = json.loads(out)["others"]
    assert [other["scenario"] for other in others] == [str(costly), str(TOY), str(costly)]
    for name, first in others[0]["differences"].items():
        last = others[2]["differences"][name]
        assert all(first[field] == last[field] for field in ("difference", "low", "high")), name


def test_a_scenario_against_itself_differs_in_nothing(caudal):
    """Common random numbers: every difference is nought, and nothing is called better or worse."""
    out = caudal("compare", TOY, TOY, *SHORT, "--json", "-")[1]
    (other,) = json.loads(out)["others"]
    assert {each["difference"] for each in other["differences"].values()} <= {0.0, None}
    assert {each["verdict"] for each in other["differences"].values()} == {"not distinguishable"}


def test_kpis_without_a_better_side_have_no_verdict(comparison, studies):
    """More leads in a queue is worse; another number of leads is neither."""
    content = comparison_content("base", ("other",), comparison)
    written = content["others"][0]["differences"]
    neither = {name for name, kpi in studies[0].catalogue.items() if kpi.better == "neither"}
    assert neither
    assert not neither & written.keys()
    assert neither | written.keys() == set(studies[0].catalogue)


def test_the_table_of_run_shows_the_headlines_in_the_order_of_the_catalogue(studies):
    """Each defined headline KPI has a row; with every=True each defined KPI has one."""
    base = studies[0]
    for every in (False, True):
        rows = study_table(base, every).split("\n\n")[0].splitlines()[2:]
        shown = [n for n, kpi in base.catalogue.items() if base.estimate(n).n and (every or kpi.headline)]
        assert len(rows) == len(shown)
        for row, name in zip(rows, shown, strict=True):
            estimate = base.estimate(name)
            assert row.startswith(base.catalogue[name].label)
            assert figure(estimate.mean, estimate.unit) in row


def test_the_table_of_run_says_what_it_leaves_out(studies):
    """The number of hidden KPIs, and how to see them; nothing when all are shown."""
    hidden = sum(not kpi.headline for kpi in studies[0].catalogue.values())
    assert study_table(studies[0], False).endswith(f"\n\n{hidden} more KPIs with --all or --json FILE.")
    assert "more KPIs" not in study_table(studies[0], True)


def test_the_table_of_compare_has_both_means_the_change_and_the_verdict(studies, comparison):
    """The cost of one more seller is worse, with a sign and on the scale of its figure."""
    base, other = studies
    start = f"{base.catalogue['cost_total'].label}  "
    table = contrast_table(base, other, comparison.others[0], True).splitlines()
    (row,) = (line for line in table if line.startswith(start))
    difference = comparison.others[0].differences["cost_total"]
    assert difference.verdict == "worse"
    assert row.endswith("worse")
    for value in (base.estimate("cost_total").mean, other.estimate("cost_total").mean):
        assert figure(value, base.currency) in row
    assert figure(difference.difference, base.currency, True) in row
    assert "+" in row


def test_compare_prints_a_table_for_each_other_and_one_footer(caudal, costly):
    """Names of both scenarios over each table; pairs and number of tests below, then the warnings by name."""
    _, out, _ = caudal("compare", TOY, costly, TOY, *SHORT)
    assert "\nCostly funnel, against Toy funnel\n" in out
    assert "\nToy funnel, against Toy funnel\n" in out
    assert out.count("adjusted p") == 2
    assert len(re.findall(r"12 paired replications; .* adjusted over their \d+ tests: Leads; Orders; ", out)) == 1
    assert all(
        " (Costly funnel): " in line or " (Toy funnel): " in line for line in out.splitlines() if "Warning" in line
    )


def test_the_long_table_of_compare_is_longer(caudal, costly):
    """--all shows more rows, and the same headlines among them."""
    short, long = (caudal("compare", TOY, costly, *SHORT, *more)[1].splitlines() for more in ((), ("--all",)))
    assert len(long) > len(short)
    in_short, in_long = ({line.partition("  ")[0] for line in lines if line.strip("- ")} for lines in (short, long))
    assert in_short < in_long


def test_one_replication_has_figures_and_no_intervals(caudal):
    """A dash stands where nothing can be said, in the table, and null in JSON."""
    arguments = ("run", TOY, "--replications", "1", "--jobs", "1", "--length", "2 wk")
    _, out, _ = caudal(*arguments)
    leads = next(line for line in out.splitlines() if line.startswith("Leads"))
    assert leads.endswith(" -")
    kpis = json.loads(caudal(*arguments, "--json", "-")[1])["kpis"]
    assert kpis["leads"]["mean"] > 0
    assert {kpi["low"] for kpi in kpis.values()} == {None}


def test_seeds_that_do_not_pair_cannot_be_asked_for(caudal, costly):
    """Scenarios with other horizons of their own cannot be compared until both are told the same."""
    text = costly.read_text(encoding="utf-8").replace("length: 12 wk", "length: 11 wk")
    other = costly.with_name("shorter.yaml")
    other.write_text(text, encoding="utf-8")
    code, out, err = caudal("compare", TOY, other, "--replications", "1", "--jobs", "1")
    assert (code, out) == (2, "")
    assert "state --warm-up and --length so that they are the same" in err
    assert caudal("compare", TOY, other, *SHORT)[0] == 0


def test_money_of_two_currencies_is_not_compared(caudal, costly):
    """Euro and lei cannot be subtracted."""
    other = costly.with_name("lei.yaml")
    other.write_text(costly.read_text(encoding="utf-8").replace("EUR", "RON"), encoding="utf-8")
    code, out, err = caudal("compare", TOY, other, *SHORT)
    assert (code, out) == (2, "")
    assert "counts in EUR and 'Costly funnel' in RON: money cannot be compared" in err


def test_the_scenario_in_json_is_what_the_user_typed(caudal, studies):
    """A shipped name stays a name, a path stays a path."""
    out = caudal("run", "m_m_1_6", "--replications", "2", "--jobs", "1", "--length", "10 h", "--json", "-")[1]
    assert json.loads(out)["scenario"] == "m_m_1_6"
    assert study_content("my words", studies[0])["scenario"] == "my words"


def test_what_would_have_been_seen_of_an_exploratory_kpi_counts_all_tests(studies):
    """Where orders were declared, what would have been seen of costs is at the level of all tests, of orders at one."""
    found = compare(studies[0], studies[1:], ("orders",))
    assert found.tests > found.family == 1
    (other,) = comparison_content("a", ("b",), found, studies)["others"]
    for kpi, tests in (("orders", 1), ("cost_total", found.tests)):
        assert other["differences"][kpi]["detectable"] == pytest.approx(
            detectable(found.others[0].differences[kpi], tests), nan_ok=True
        )


def test_a_kpi_that_a_warning_spoils_is_marked_in_comparisons_too(studies, comparison):
    """What is spoilt in either scenario has its mark, and the mark is explained; nothing else has one."""
    base, other = studies
    marked = spoilt(studies)
    lines = contrast_table(base, other, comparison.others[0], True).splitlines()
    shown = [kpi for kpi, d in comparison.others[0].differences.items() if d.n]
    assert [("(!)" in line) for line in lines[2 : 2 + len(shown)]] == [kpi in marked for kpi in shown]
    assert ("(!) spoilt, as the card or a warning says." in lines) == bool(marked & set(shown))
    assert marked & set(shown)


def test_a_kpi_that_a_check_alone_spoils_is_marked_and_in_the_json(studies):
    """A series that does not settle marks what hangs on it in the table of its scenario, not in that of another."""
    base, other = studies
    flat = base.pictures.queue[:, 0]
    checks = Checks(settlings=((base.name, (Settling("cost_total", flat, flat, None, 0.0),)),))
    assert "cost_total" not in spoilt([base])

    def marks(study):
        rows = study_table(study, True, checks).splitlines()
        return [row for row in rows if row.startswith(f"{base.catalogue['cost_total'].label} (!)")]

    assert marks(base)
    assert not marks(other)
    assert "cost_total" in study_content("a", base, checks=checks)["spoilt"]


def test_declared_kpis_are_shown_among_the_headlines(studies):
    """A KPI that was asked for has its row, and is no longer counted among those that are hidden."""
    base = studies[0]
    assert not base.catalogue["cost_total"].headline
    plain, asked = study_table(base, False), study_table(base, False, declared=("cost_total",), rest="elsewhere")
    assert f"\n{base.catalogue['cost_total'].label} " not in plain
    assert f"\n{base.catalogue['cost_total'].label} " in asked
    hidden = sum(not kpi.headline for kpi in base.catalogue.values())
    assert asked.endswith(f"\n\n{hidden - 1} more KPIs elsewhere.")


def test_without_a_spread_nothing_is_said_to_have_been_found(studies, comparison):
    """Pairs that all differ alike, or not at all, tell of no size that would be found: a dash, and not 0."""
    base = studies[0]
    alike = comparison.others[0].differences["orders"]
    assert alike.low == alike.high
    rows = detectable_table(base, comparison.others[0], comparison).splitlines()
    (orders,) = (row for row in rows if row.startswith("Orders "))
    assert orders.split()[-1] == "-"


def test_the_table_of_the_best_says_what_it_is_adjusted_over(studies):
    """The sentence of the report stands under the table of the terminal."""
    assert best_table(studies).endswith(f"\n\nBest with: {CHANCES}.")
    assert "not adjusted over KPIs" in CHANCES
