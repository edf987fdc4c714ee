"""Tables and numbers as they stand in the README."""

import platform
import re

from benchmarks.markdown import Goal, goals, grouped, machine, table


def test_a_table_has_one_column_of_text_and_others_of_numbers():
    """The first column is set to the left, the others to the right."""
    assert table(("run", "seconds", "ratio"), [("one", "2.0", "1.00")]).splitlines() == [
        "| run | seconds | ratio |",
        "| --- | ---: | ---: |",
        "| one | 2.0 | 1.00 |",
    ]


def test_goals_say_what_was_set_what_was_measured_and_whether_that_is_met():
    """The limit itself is met on either side, whatever is beyond it missed.

    Figures have three digits, or as many as tell: else 1.796 would be shown as 1.8, and a goal of 1.8 missed by it.
    """
    speed, time = Goal("leads a second", "at least", 1_000_000), Goal("seconds", "at most", 4)
    held = [(speed, 999_999.4), (speed, 1e6), (time, 4.0), (time, 4.05), (Goal("share", "at least", 0.25), 0.2191)]
    held += [(Goal("ratio", "at least", 1.8), 1.7961), (Goal("ratio", "at least", 1.8), 1.7999)]
    assert goals(held).splitlines() == [
        "| goal | set | measured | verdict |",
        "| --- | ---: | ---: | ---: |",
        "| leads a second | at least 1 000 000 | 999 999 | missed |",
        "| leads a second | at least 1 000 000 | 1 000 000 | met |",
        "| seconds | at most 4 | 4 | met |",
        "| seconds | at most 4 | 4.05 | missed |",
        "| share | at least 0.25 | 0.219 | missed |",
        "| ratio | at least 1.8 | 1.796 | missed |",
        "| ratio | at least 1.8 | 1.7999 | missed |",
    ]


def test_thousands_are_set_apart_by_blanks():
    """Numbers are rounded to whole ones and grouped, also negative ones and short ones."""
    assert [grouped(number) for number in (999.6, 1_234_567.2, 12)] == ["1 000", "1 234 567", "12"]


def test_the_machine_is_named_with_its_python_and_its_pace():
    """The sentence beside a table names the processor, the version of Python, and how fast plain SimPy was."""
    said = machine(71_982.4)
    assert said.startswith("*Measured on ")
    assert not said.startswith("*Measured on ,")
    assert f"GiB, Python {platform.python_version()}, on which plain SimPy made 71 982 leads a second" in said


def test_the_pace_is_measured_where_it_is_not_known():
    """Any machine lets plain SimPy make some thousand leads a second, and none a million."""
    pace = re.search(r"SimPy made ([\d ]+) leads", machine())
    assert pace is not None
    assert 1_000 < int(pace[1].replace(" ", "")) < 1_000_000
