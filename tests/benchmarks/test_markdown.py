"""Tables and numbers as they stand in the README."""

import platform

from benchmarks.markdown import grouped, machine, table


def test_a_table_has_one_column_of_text_and_others_of_numbers():
    """The first column is set to the left, the others to the right."""
    assert table(("run", "seconds", "ratio"), [("one", "2.0", "1.00")]).splitlines() == [
        "| run | seconds | ratio |",
        "| --- | ---: | ---: |",
        "| one | 2.0 | 1.00 |",
    ]


def test_thousands_are_set_apart_by_blanks():
    """Numbers are rounded to whole ones and grouped, also negative ones and short ones."""
    assert [grouped(number) for number in (999.6, 1_234_567.2, 12)] == ["1 000", "1 234 567", "12"]


def test_the_machine_is_named_with_its_python():
    """The sentence beside a table names the processor and the version of Python."""
    said = machine()
    assert said.endswith(f"GiB, Python {platform.python_version()}.*")
    assert not said.startswith("*Measured on ,")
