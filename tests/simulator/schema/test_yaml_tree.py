"""YAML by the rules of version 1.2, within limits."""

import math

import pytest
import yaml

from simulator.errors import ScenarioError
from simulator.schema import yaml_tree
from simulator.schema.document import read_document
from simulator.schema.yaml_tree import DEEPEST, MOST_VALUES


@pytest.fixture
def read(tmp_path):
    """Data and lines of a text."""

    def reading(text):
        path = tmp_path / "case.yaml"
        path.write_bytes(text.encode())
        return read_document(path, "case.yaml")

    return reading


@pytest.fixture
def refused(read):
    """File, line and sentence that a text is refused with."""

    def refusing(text):
        with pytest.raises(ScenarioError) as caught:
            read(text)
        (problem,) = caught.value.problems
        assert problem.file == "case.yaml"
        return problem.line, problem.message

    return refusing


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("17:00", "17:00"),
        ("1:30:00", "1:30:00"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05T10:00:00", "2026-01-05T10:00:00"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("+.INF", math.inf),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_scalars_are_those_of_yaml_1_2(read, text, value):
    """Norway is a country, a shift begins at 17:00, and a date is left to the model."""
    data = read(f"x: {text}\n").data["x"]
    assert data == value
    assert type(data) is type(value)


def test_not_a_number_is_read_as_one(read):
    """What it may be used for is for the models to say."""
    assert math.isnan(read("x: .nan\n").data["x"])


def test_a_number_of_thousands_of_digits_is_text(read):
    """Python refuses to convert it, the models refuse it in a sentence."""
    assert read(f"x: {'9' * 5000}\n").data["x"] == "9" * 5000


def test_names_are_text_as_written(read):
    """A name that looks like a number or a constant is still a name."""
    assert read("1: a\ntrue: b\n5 min: c\nnull: d\n'': e\n").data == {
        "1": "a", "true": "b", "5 min": "c", "null": "d", "": "e"
    }  # fmt: skip


def test_every_path_has_its_line(read):
    """The line of a key, of a list item, and of what is inside them."""
    lines = read("a:\n  b: 1\n  c:\n    - x\n    - {d: 2,\n       e: 3}\nf: {g: 4}\n").lines
    assert lines == {
        (): 1, ("a",): 1, ("a", "b"): 2, ("a", "c"): 3, ("a", "c", 0): 4, ("a", "c", 1): 5, ("a", "c", 1, "d"): 5,
        ("a", "c", 1, "e"): 6, ("f",): 7, ("f", "g"): 7,
    }  # fmt: skip


def test_an_alias_says_again_what_its_anchor_said(read):
    """What is shared is in both places; lines below the alias are those of the anchor."""
    document = read("a: &same\n  b: 1\nc: *same\n")
    assert document.data["c"] == {"b": 1}
    assert (document.lines["c",], document.lines["c", "b"]) == (3, 2)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "expected ',' or ']'"),
        ("a: 1\n b: 2\n", 2, "not YAML at column"),
        ("a: 1\n\tb: 2\n", 2, "not tabs"),
        ('a: "text\n', 2, "end of stream"),
        ("a: b: c\n", 1, "mapping values are not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
        ("a: *b\n", 1, "the alias '*b' has no anchor '&b' before it"),
        ("c: &base 1\na: *bsae\n", 2, "did you mean 'base'?"),
        ("a: &b [1, *b]\n", 1, "the alias '*b' contains itself"),
        ("a: 1\nb: &c\n  d: *c\n", 3, "the alias '*c' contains itself"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "a name is expected before ':'"),
        ("a: 1\n? {x: y}\n: 2\n", 2, "a name is expected before ':'"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "is not accepted: write plain YAML"),
        ("a: !!int 3\n", 1, "is not accepted"),
        ("a: !!set {x}\n", 1, "is not accepted"),
    ],
)
def test_broken_yaml_is_refused_where_it_breaks(refused, text, line, words):
    """The sentence says in which line, and what was expected there."""
    told, message = refused(text)
    assert told == line
    assert words in message


@pytest.mark.parametrize("text", ["x: " + "[" * (DEEPEST + 1), "x: " + "{a: " * 5000, "x:\n  - " + "- " * 5000 + "1"])
def test_deep_nesting_is_refused(refused, text):
    """A file that would exhaust the stack is told to be too deep."""
    _, message = refused(text)
    assert "nested deeper than 100 levels" in message


def test_nesting_just_below_the_limit_is_read(read):
    """The limit itself is allowed: lists below the mapping of the file."""
    assert read("x: " + "[" * (DEEPEST - 2) + "]" * (DEEPEST - 2)).data["x"]


def test_depth_through_aliases_is_counted(refused):
    """Nesting that only aliases build up is refused as well."""
    chain = "\n".join(f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 20))
    line, message = refused(f"a0: &a0 [1]\n{chain}\n")
    assert "nested deeper" in message
    assert line > 5


def test_an_alias_bomb_is_counted_not_built(refused):
    """A billion values written in ten lines are refused at once."""
    bomb = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))
    _, message = refused(f"a0: &a0 [1]\n{bomb}\n")
    assert "more than 200 000 values once its aliases are written out" in message


def test_a_file_of_too_many_values_is_refused(refused):
    """The limit holds without aliases too."""
    _, message = refused("x:\n" + "- 1\n" * MOST_VALUES)
    assert "more than 200 000 values" in message


def test_the_slower_parser_reads_the_same(monkeypatch, rich, read):
    """Where PyYAML comes without libyaml its own parser gives the same data and lines."""
    quick = read(rich)
    monkeypatch.setattr(yaml_tree, "_LOADER", yaml.SafeLoader)
    slow = read(rich)
    assert (slow.data, slow.lines) == (quick.data, quick.lines)
