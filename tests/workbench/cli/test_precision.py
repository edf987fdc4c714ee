import json
from pathlib import Path

import pytest

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
SHORT = ("--replications", "3", "--jobs", "1", "--warm-up", "1 wk", "--length", "2 wk")


def test_run_goes_on_until_it_is_precise(caudal, tmp_path):
    """As many replications as the KPI needs, what it needed, and the path of the interval for a picture."""
    file = tmp_path / "out.json"
    code, out, err = caudal("run", TOY, *SHORT, "--precision", "15%", "--kpi", "leads", "--json", file)
    content = json.loads(file.read_text(encoding="utf-8"))
    found = content["precision"]["leads"]
    assert code == 0
    assert list(found) == ["asked", "reached", "needed", "means", "half_widths"]
    assert (found["asked"], found["reached"] <= 0.15) == (0.15, True)
    assert content["replications"] == found["needed"] + 5 == len(found["half_widths"])
    assert found["half_widths"][0] is None
    assert "half of interval / mean, 15.0% asked" in out
    assert f"{content['replications']} replications in" in err
    assert "1 scenarios run by both engines in" in err
    assert "Both left the same records" in content["trust"][5]["found"]


def test_a_limit_is_kept_and_told(caudal):
    """With --max-replications the run ends there, and the warning says what is missing."""
    code, out, _ = caudal(
        "run", TOY, *SHORT, "--precision", "0.001", "--kpi", "leads", "--kpi", "orders", "--max-replications", "4"
    )
    assert code == 0
    assert out.count("more than 4") == 2
    assert "Warning: The precision that was asked for, 0.1%, was not reached for orders: after 4 replications" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--precision", "5%"), "say which KPIs"),
        (("--kpi", "leads"), "belong to --precision"),
        (("--max-replications", "9"), "belong to --precision"),
        (("--precision", "5 d", "--kpi", "leads"), "cannot read '5 d': write a share"),
        (("--precision", "500%", "--kpi", "leads"), "between 0 and 1"),
        (("--precision", "5%", "--kpi", "order"), "did you mean orders"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(caudal, options, message):
    """Exit code 2 and what to write instead."""
    code, _, err = caudal("run", TOY, *SHORT, *options)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
