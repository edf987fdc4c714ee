"""What a newcomer changes before the first day: nothing."""

from simulator.engines import compiled_engine
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_scenario


def test_a_hire_changes_nothing_before_the_first_day(tmp_path):
    """Until then the records are those of the scenario without the hire, leave of the colleagues included."""
    base = tmp_path / "base.yaml"
    base.write_text(
        """
caudal: 1
name: Base
horizon: {start: 2026-01-05, warm_up: 0 d, length: 40 wk, currency: EUR}
channels: {web: {process: sale, rate: 12 /d}}
teams:
  callers: {annual_leave: 22, members: {staff: {head_count: 3}}}
processes:
  sale:
    steps:
      call: {kind: work, team: callers, effort: {exponential: 90 min}}
      over: {kind: end, outcome: won}
""",
        encoding="utf-8",
    )
    other = tmp_path / "other.yaml"
    other.write_text(
        """
caudal: 1
name: Other
based_on: base.yaml
teams: {callers: {members: {newcomer: {head_count: 2, hired: 2026-08-03}}}}
""",
        encoding="utf-8",
    )
    first, second = (compiled_engine.simulate(compiled(load_scenario(f), Plan()), 1, 0) for f in (base, other))
    before = first.visits.finished < 30 * 168
    assert before.sum() > 2000
    for mine, others in zip(first.visits[:6], second.visits[:6], strict=True):
        assert mine[before].tobytes() == others[: before.size][before].tobytes()
    assert first.visits.finished.tobytes() != second.visits.finished.tobytes()
