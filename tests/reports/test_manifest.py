import importlib.metadata
import platform
from dataclasses import replace

import pytest

from reports import manifest as module
from reports.manifest import PACKAGES, manifest, versions
from simulator.experiment.plan import Plan
from tests.reports.reading import plain


def lines(base, others=(), command="caudal run today"):
    """Entries of a manifest by label."""
    found = manifest(base, others, command)
    assert len({line.label for line in found}) == len(found)
    return {line.label: plain(line.value) for line in found}


def test_the_command_comes_first_and_as_it_was_given(base):
    """Whoever wants to repeat the study copies one line."""
    command = "caudal compare 'a b.yaml' --seed 7"
    assert manifest(base, [], command)[0] == ("Command to repeat it", command)


def test_every_scenario_has_its_file_and_digest(base, faster):
    """A scenario that was changed since is found by its digest."""
    other = replace(faster, digest="f" * 64, key="b.yaml")
    found = lines(base, [other])
    assert found["Scenario: Today"] == f"Today.yaml, SHA-256 {base.digest}"
    assert found[f"Scenario: {other.name}"] == f"b.yaml, SHA-256 {'f' * 64}"


@pytest.mark.parametrize(("seed", "replications"), [(0, 1), (7, 30), (2**63 - 1, 1000)])
def test_seed_and_replications_are_those_of_the_plan(base, seed, replications):
    """A seed is copied into a command, so it has no spaces between its thousands."""
    found = lines(replace(base, plan=Plan(seed=seed, replications=replications)))
    assert found["Seed"] == str(seed)
    assert found["Replications"].replace(" ", "") == str(replications)


def test_times_are_those_of_the_study(base):
    """Start, warm-up and measured time, in days."""
    found = lines(replace(base, warm_up=240.0, end=240.0 + 2400.0))
    assert found["Start of each run"] == "1 January 2025"
    assert found["Warm-up, which no figure counts"] == "10 d"
    assert found["Measured time"] == "100 d"


def test_versions_are_those_that_run(base):
    """Python and every package on which figures depend."""
    found = lines(base)
    assert found["Version of python"] == platform.python_version()
    for package in ("numpy", "simpy", "numba"):
        assert found[f"Version of {package}"] == importlib.metadata.version(package)
    assert set(versions()) == {"python", *PACKAGES}


def test_a_package_that_was_not_installed_is_said(monkeypatch):
    """Run from a folder of sources, Caudal has no version, and the report is made all the same."""

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.importlib.metadata, "version", missing)
    assert versions()["numpy"] == "not installed as a package"
