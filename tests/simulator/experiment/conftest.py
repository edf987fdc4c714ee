from pathlib import Path

import pytest

from simulator.schema.loading import load_scenario

TOY = Path(__file__).with_name("toy_funnel.yaml")


@pytest.fixture(scope="session")
def toy():
    """A small lead-to-cash scenario."""
    return load_scenario(TOY)


@pytest.fixture(scope="session")
def variant(tmp_path_factory):
    """The toy scenario with one text replaced by another."""

    def changed(old, new, name="Variant"):
        text = TOY.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path_factory.mktemp("variant") / "variant.yaml"
        path.write_text(text.replace(old, new).replace("Toy funnel", name), encoding="utf-8")
        return load_scenario(path)

    return changed
