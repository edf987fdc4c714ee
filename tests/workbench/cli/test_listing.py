"""The list of scenarios, the schema, and what the two say to programs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from simulator.schema.document import read_document
from simulator.schema.json_schema import json_schema
from simulator.schema.shipped import shipped
from workbench.cli.main import caudal as group

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"


@pytest.fixture(scope="module")
def printed():
    """The schema as `caudal schema` prints it."""
    done = CliRunner().invoke(group, ["schema"])
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def complaints(schema, data):
    return [error.message for error in Draft202012Validator(schema).iter_errors(data)]


def test_the_list_names_each_shipped_scenario_once_in_columns(caudal):
    """A header, a line, and then a row for each scenario with its name for people."""
    code, out, err = caudal("scenarios")
    header, rule, *rows = out.splitlines()
    assert (code, err) == (0, "")
    assert header.split() == ["scenario", "name"]
    assert set(rule) == {"-", " "}
    assert [row.split()[0] for row in rows] == list(shipped())
    column = header.index("name")
    for row, (key, path) in zip(rows, shipped().items(), strict=True):
        assert row[column:] == read_document(path, key).data["name"]


def test_the_list_as_json_holds_what_a_picker_needs(caudal, tmp_path):
    """Key, name, description in one line and file, the same in a file as on standard output."""
    rows = json.loads(caudal("scenarios", "--json", "-")[1])
    assert [row["scenario"] for row in rows] == list(shipped())
    for row in rows:
        assert list(row) == ["scenario", "name", "description", "file"]
        assert row["description"]
        assert "\n" not in row["description"]
        assert Path(row["file"]) == shipped()[row["scenario"]]
    code, out, _ = caudal("scenarios", "--json", tmp_path / "list.json")
    assert code == 0
    assert "theory/m_m_1 " in out
    assert json.loads((tmp_path / "list.json").read_text(encoding="utf-8")) == rows


@pytest.mark.parametrize("name", shipped())
def test_every_listed_scenario_is_fine(caudal, name):
    """What is offered can be run."""
    assert caudal("validate", name) == (0, f"{name}: fine\n", "")


def test_the_last_part_of_a_shipped_name_is_enough(caudal):
    """Where it is unique, the folder need not be typed; a path does as well."""
    path = shipped()["theory/m_m_4"]
    assert caudal("validate", "m_m_4", path)[:2] == (0, f"m_m_4: fine\n{path}: fine\n")


def test_the_printed_schema_is_valid_draft_2020_12(printed):
    """Editors accept it, and it is the schema of the library."""
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(printed)
    assert printed == json_schema()


@pytest.mark.parametrize("name", shipped())
def test_the_printed_schema_accepts_what_ships(printed, name):
    """No editor underlines a shipped file, whether it is whole or states only changes."""
    assert complaints(printed, read_document(shipped()[name], name).data) == []


def test_the_printed_schema_accepts_a_file_of_a_user(printed):
    """The toy scenario of these tests is fine too."""
    assert complaints(printed, read_document(TOY, "toy").data) == []


@pytest.mark.parametrize(
    "change",
    [
        {"flavour": "mild"},
        {"caudal": 99},
        {"name": 3},
        {"horizon": {"start": "2026-01-01"}},
        {"teams": {"sellers": {"head_count": -1}}},
        {"processes": {"funnel": {"steps": {"call": {"kind": "dance"}}}}},
        {"channels": []},
    ],
)
def test_the_printed_schema_refuses_what_is_wrong(printed, change):
    """An unknown key, a wrong version, a wrong type, a part that lacks something: an editor sees each."""
    assert complaints(printed, {**read_document(TOY, "toy").data, **change})


def test_a_whole_scenario_needs_its_parts_and_a_change_does_not(printed):
    """Without a base, channels are missing; with one, a name and a base are enough."""
    assert complaints(printed, {"caudal": 1, "name": "X"})
    assert complaints(printed, {"caudal": 1, "name": "X", "based_on": "baselines/pt_installation"}) == []


def test_the_schema_in_a_file_is_what_is_printed(caudal, printed, tmp_path):
    """With --output nothing is printed, and an old file gives way."""
    path = tmp_path / "schema.json"
    path.write_text("old", encoding="utf-8")
    assert caudal("schema", "--output", path) == (0, "", "")
    assert json.loads(path.read_text(encoding="utf-8")) == printed
    assert list(tmp_path.iterdir()) == [path]


def test_a_scenario_without_description_is_listed(caudal, tmp_path, monkeypatch):
    """A folder of shipped scenarios that someone edits may lack prose."""
    path = tmp_path / "bare.yaml"
    path.write_text("caudal: 1\nname: Bare\n", encoding="utf-8")
    monkeypatch.setattr("simulator.schema.shipped.shipped", lambda *_: {"bare": path})
    assert json.loads(caudal("scenarios", "--json", "-")[1]) == [
        {"scenario": "bare", "name": "Bare", "description": "", "file": str(path)}
    ]
    assert caudal("scenarios")[1].splitlines()[-1] == "bare      Bare"
