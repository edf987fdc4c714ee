from reports.register import registers
from simulator.schema.loading import load_scenario

BASE = """
caudal: 1
name: Today
horizon: {start: 2025-01-01, warm_up: 0 d, length: 60 d, currency: EUR}
channels: {web: {process: deal, rate: 5 /day}}
teams: {sales: {head_count: 2, cost: 20 EUR/h, source: our payroll, grade: A}}
overheads: {rent: {cost: 1 EUR/h, source: our contract, grade: A}}
processes: {deal: {steps: {leave: {kind: end, outcome: done}}}}
"""


def test_another_scenario_shows_only_what_differs(tmp_path):
    """Numbers that it shares with the base are not told again; one without a source is its own assumption."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(
        "caudal: 1\nname: Other\nbased_on: base.yaml\nteams: {sales: {cost: 30 EUR/h}}\n", encoding="utf-8"
    )
    base, other = registers([load_scenario(tmp_path / "base.yaml"), load_scenario(tmp_path / "other.yaml")])
    assert ("A", "peer-reviewed, official or large audit", 3) in base.grades
    assert [(row.path, row.text, row.grade) for row in other.rows] == [("teams.sales.cost", "30 EUR/h", "D")]
    assert other.removed == ()


def test_numbers_without_evidence_are_counted(tmp_path):
    """A number that says nothing of its origin is not passed off as an assumption with a grade."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (base,) = registers([load_scenario(tmp_path / "base.yaml").scenario])
    assert "without evidence" in base.summary
    assert ("D", "our own assumption", 0) in base.grades


def test_no_scenarios_have_no_registers():
    """A report may be made without the files."""
    assert registers([]) == ()
