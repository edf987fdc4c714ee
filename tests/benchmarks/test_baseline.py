"""Speed of the engines on a scenario, with and without KPIs."""

from benchmarks.baseline import Speed, judged, measure, shown
from benchmarks.populations import drop


def test_both_engines_are_measured_with_and_without_kpis():
    """Leads a second of each engine, of every visit written, and of the KPIs for which most need not be."""
    speeds = measure(drop(50, "fifo"), rounds=1)
    assert list(speeds) == ["simpy", "compiled"]
    assert all(speed.records > 0 and speed.with_kpis > 0 for speed in speeds.values())


def test_the_table_states_ratios_to_the_simpy_engine():
    """Each figure stands beside its ratio: 80,000 against 2,000 is 40, with KPIs 30."""
    lines = shown({"simpy": Speed(2_000.0, 1_500.0), "compiled": Speed(80_000.0, 45_000.0)}).splitlines()
    assert lines[2] == "| simpy engine | 2 000 | 1.0 | 1 500 | 1.0 |"
    assert lines[3] == "| compiled engine | 80 000 | 40.0 | 45 000 | 30.0 |"


def test_the_compiled_engine_has_goals_with_kpis():
    """Of 45,000 leads a second, 30 times the SimPy engine, the first is too few."""
    lines = judged({"simpy": Speed(2_000.0, 1_500.0), "compiled": Speed(280_000.0, 45_000.0)}).splitlines()
    assert [line.split(" | ")[1:] for line in lines[2:]] == [
        ["at least 200 000", "45 000", "missed |"],
        ["at least 30", "30", "met |"],
    ]
