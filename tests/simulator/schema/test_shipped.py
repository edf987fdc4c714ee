"""The scenarios that come with the product."""

import pytest

from simulator.schema.shipped import scenarios_folder, shipped, shipped_part, shipped_parts, shipped_path


@pytest.fixture
def folder(tmp_path):
    """A folder of scenarios in which one ending is not unique."""
    for name in (
        "one/base.yaml",
        "two/base.yaml",
        "two/other.yaml",
        "top.yaml",
        "two/notes.md",
        "two/data.csv",
        "library/part.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("name: x\n", encoding="utf-8")
    return tmp_path


def test_names_are_paths_below_the_folder(folder):
    """Without suffix, with slashes on every system, YAML files only."""
    assert list(shipped(folder)) == ["one/base", "top", "two/base", "two/other"]


def test_parts_are_listed_apart(folder):
    """A part is no scenario that could be run, and no scenario is a part."""
    assert list(shipped_parts(folder)) == ["library/part"]
    assert shipped_part("part", folder) == ("library/part", folder / "library" / "part.yaml")
    assert shipped_path("library/part", folder) is None
    assert shipped_part("top", folder) is None


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("two/other", "two/other"),
        ("other", "two/other"),
        ("top", "top"),
        ("one/base", "one/base"),
        ("base", None),
        ("x", None),
    ],
)
def test_a_name_or_its_unique_ending(folder, name, full):
    """An ending that two scenarios share names neither."""
    found = shipped_path(name, folder)
    assert (found[0] if found else None) == full
    assert found is None or found[1] == folder / f"{full}.yaml"


def test_the_folder_lies_beside_the_package(tmp_path, monkeypatch):
    """A folder of the same name where the user works is not taken for it."""
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert scenarios_folder().parent != tmp_path
    assert (scenarios_folder().parent / "simulator" / "schema").is_dir()
    assert "theory/m_m_1" in shipped()
