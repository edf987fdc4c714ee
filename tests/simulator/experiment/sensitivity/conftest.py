from pathlib import Path

import pytest

from simulator.schema.loading import load_scenario


@pytest.fixture(scope="session")
def levers():
    """A scenario whose revenue is known exactly for every value of its policies."""
    return load_scenario(Path(__file__).with_name("levers.yaml"))
