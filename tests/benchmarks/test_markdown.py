"""Tables and numbers as they stand in the README."""

import platform

from benchmarks.markdown import Goal, goals, grouped, machine, table


def test_a_table_has_one_column_of_text_and_others_of_numbers():
    """The first column is set to the left, the others to the right."""
    assert table(("run", "seconds", "ratio"), [("one", "2.0", "1.00")]).splitlines() == [
        "| run | seconds | ratio |",
        "| --- | ---: | ---: |",
        "| one | 2.0 | 1.00 |",
    ]


def test_goals_say_what_was_set_what_was_measured_and_whether_that_is_met():
    """The limit itself is met on either side, whatever is beyond it missed; figures have three digits."""
    speed, time = Goal("leads a second", "at least", 1_000_000), Goal("seconds", "at most", 4)
    held = [(speed, 999_999.4), (speed, 1e6), (time, 4.0), (time, 4.05), (Goal("share", "at least", 0.25), 0.2191)]
    assert goals(held).splitlines() == [
        "| goal | set | measured | verdict |",
        "| --- | ---: | ---: | ---: |",
        "| leads a second | at least 1 000 000 | 999 999 | missed |",
        "| leads a second | at least 1 000 000 | 1 000 000 | met |",
        "| seconds | at most 4 | 4 | met |",
        "| seconds | at most 4 | 4.05 | missed |",
        "| share | at least 0.25 | 0.219 | missed |",
    ]


def test_thousands_are_set_apart_by_blanks():
    """Numbers are rounded to whole ones and grouped, also negative ones and short ones."""
    assert [grouped(number) for number in (999.6, 1_234_567.2, 12)] == ["1 000", "1 234 567", "12"]


def test_the_machine_is_named_with_its_python():
    """The sentence beside a table names the processor and the version of Python."""
    said = machine()
    assert said.endswith(f"GiB, Python {platform.python_version()}.*")
    assert not said.startswith("*Measured on ,")
