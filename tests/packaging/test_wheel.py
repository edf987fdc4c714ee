"""The wheel: everything that a user without a checkout needs, and nothing else."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("simulator", "reports", "workbench", "scenarios")
DATA = {".yaml", ".json", ".csv", ".html", ".css", ".js", ".svg", ".typ", ".po", ".mo"}
ASK_AN_INSTALLATION = """
import importlib.resources, json, sys
checkout, installed = sys.argv[1:]
sys.path[:] = [installed] + [each for each in sys.path if each != checkout]
import simulator, workbench
from pathlib import Path

def below(folder, prefix=""):
    for each in folder.iterdir():
        yield from below(each, prefix + each.name + "/") if each.is_dir() else [prefix + each.name]

print(json.dumps({
    "simulator": simulator.__file__,
    "door": (Path(workbench.__file__).parents[1] / "app.py").is_file(),
    "scenarios": sorted(below(importlib.resources.files("scenarios"))),
}))
"""

pytestmark = pytest.mark.slow


def data_files():
    """Data files of the checkout that must be shipped, as the wheel names them."""
    everything = (path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    written = (path for path in everything if "__pycache__" not in path.parts)  # by people, not kept by a command
    return {path.relative_to(ROOT).as_posix() for path in written if path.suffix in DATA}


def run(*command):
    """Output of a command; its error text is the failure's message."""
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy of the sources, so that nothing is left behind in the checkout."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("pyproject.toml", "README.md", "LICENSE", "app.py"):
        shutil.copy(ROOT / name, copy)
    for package in PACKAGES:
        if (ROOT / package).is_dir():
            shutil.copytree(ROOT / package, copy / package)
    target = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(target), str(copy))
    (built,) = target.glob("caudal-*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_has_all_code(names):
    """Every Python file of the packages is shipped, and the door that opens the workbench."""
    code = {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert code | {"app.py"} <= names


def test_wheel_has_all_data(names):
    """Scenarios, templates and translations are shipped with the code that reads them, and nothing that was kept."""
    assert data_files() - names == set()
    assert not [name for name in names if "__pycache__" in name]


def test_wheel_has_nothing_else(names):
    """No tests, benchmarks or compiled leftovers end up in a user's environment."""
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} <= {*PACKAGES, "app.py"}
    assert [name for name in names if "__pycache__" in name] == []


def test_wheel_says_who_it_is(wheel, names):
    """Name, licence and the `caudal` command are in the metadata."""
    (info,) = {name.split("/")[0] for name in names if ".dist-info/" in name}
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{info}/METADATA").decode()
        commands = archive.read(f"{info}/entry_points.txt").decode()
    assert "\nName: caudal\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert f"{info}/licenses/LICENSE" in names
    assert "caudal = workbench.cli.__main__:main" in commands


def test_installed_wheel_finds_its_scenarios(wheel, tmp_path):
    """Away from any checkout, importlib.resources finds the same scenario files that the checkout has."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--target", str(tmp_path / "site"), str(wheel))
    script = tmp_path / "ask.py"
    script.write_text(ASK_AN_INSTALLATION, encoding="utf-8")
    answer = json.loads(run(sys.executable, "-I", str(script), str(ROOT), str(tmp_path / "site")))
    expected = {name.removeprefix("scenarios/") for name in data_files() if name.startswith("scenarios/")}
    assert answer["simulator"].startswith(str(tmp_path))
    assert answer["door"]
    assert set(answer["scenarios"]) == expected
