"""The lock: complete, hashed, and silent about where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def normal(requirement):
    """Name of a requirement as indexes compare it: lower case, hyphens only."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement).group()).lower()


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def lock():
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["run time", "development"])
def test_every_dependency_is_pinned(project, lock, kind):
    """Each dependency that pyproject.toml names has an exact version in the lock."""
    wanted = project["dependencies"] if kind == "run time" else project["optional-dependencies"]["dev"]
    pinned = {normal(pin["name"]) for pin in PIN.finditer(lock)}
    assert pinned
    assert {normal(requirement) for requirement in wanted} - pinned == set()


def test_dependencies_have_lower_bounds_only(project):
    """A library's users choose their versions: pyproject.toml says from which on, the lock says which."""
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert [each for each in wanted if not re.fullmatch(r"[A-Za-z0-9._-]+>=[0-9.]+", each)] == []


def test_every_pin_has_hashes(lock):
    """Pip refuses the whole lock when one pin lacks its hash, so each has at least one."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock[PIN.search(lock).start() :])
    assert len(entries) == len(PIN.findall(lock))
    assert [entry.split("\n")[0] for entry in entries if not HASH.search(entry)] == []


def test_lock_names_no_host(lock):
    """The lock installs from whatever index pip is set up with: no address, no index option, no folder."""
    assert re.findall(r"\S*(?:://|index|find-links|trusted-host|file:|\bopt/)\S*", lock) == []
