"""A small valid scenario, a rich one, and the way to see what an edit of them is refused for."""

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario

HERE = Path(__file__).parent


@pytest.fixture
def minimal():
    """Text of a valid scenario of two steps."""
    return (HERE / "minimal.yaml").read_text(encoding="utf-8")


@pytest.fixture
def rich():
    """Text of a valid scenario that uses most of the vocabulary."""
    return (HERE / "rich.yaml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files into an empty folder that is also the current one."""
    monkeypatch.chdir(tmp_path)

    def written(name="case.yaml", text=""):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    return written


@pytest.fixture
def problems(write):
    """Problems that a text is refused for, none when it is accepted."""

    def found(text, name="case.yaml"):
        try:
            load_scenario(write(name, text))
        except ScenarioError as error:
            return list(error.problems)
        return []

    return found


@pytest.fixture
def edited(minimal):
    """The small scenario with one place changed."""

    def edit(old, new, text=minimal):
        assert old in text, old
        return text.replace(old, new, 1)

    return edit


@pytest.fixture
def refuses(problems, edited):
    """Assert that an edit of the small scenario has one problem, at the line of ``at``, in these words."""

    def refused(old, new, *words, at=""):
        text = edited(old, new)
        (problem,) = problems(text)
        wanted = at or next(line for line in new.splitlines() if line.strip())
        assert (problem.file, problem.line) == ("case.yaml", text[: text.index(wanted)].count("\n") + 1)
        for word in words:
            assert word in str(problem)
        return problem

    return refused


@pytest.fixture
def accepts(problems, edited):
    """Assert that an edit of the small scenario is a valid scenario."""

    def accepted(old, new):
        assert problems(edited(old, new)) == []
        return load_scenario("case.yaml").scenario

    return accepted
