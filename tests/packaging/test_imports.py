"""Which packages there are, and what importing the library drags in."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_SHIPPED = {"tests", "benchmarks", "docs", "build", "dist"}
LAYERS = ("simulator.experiment", "simulator.engines", "simulator.kpis", "simulator.program", "simulator.schema")


def loaded_by(module):
    """Names of all modules that a fresh interpreter has loaded after importing this one."""
    script = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(finished.stdout.split())


@pytest.mark.parametrize("module", ["simulator", *LAYERS])
def test_library_loads_neither_screens_nor_charts(module):
    """Importing the simulator on a cluster node costs no Streamlit and no Altair."""
    loaded = loaded_by(module)
    assert module in loaded
    assert loaded & {"streamlit", "altair", "vl_convert"} == set()


def test_every_package_is_known_to_the_wheel_and_to_the_layers():
    """A new top-level package must be shipped and given a layer; import-linter cannot notice it by itself."""
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_SHIPPED
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    shipped = {name for name in settings["setuptools"]["packages"]["find"]["include"] if "." not in name}
    assert found == set(settings["importlinter"]["root_packages"])
    assert shipped == found | {"scenarios"}


def test_every_subfolder_with_code_is_a_package():
    """A folder of Python files without __init__.py would escape the layers and the type checker."""
    code = {path.parent for name in ("simulator", "reports", "workbench") for path in (ROOT / name).rglob("*.py")}
    assert code
    assert [str(folder.relative_to(ROOT)) for folder in sorted(code) if not (folder / "__init__.py").exists()] == []
