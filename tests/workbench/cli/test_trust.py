"""The trust card of `caudal run` and `caudal compare`."""

import json

import pytest

from simulator.experiment.trust import TrustLine
from tests.workbench.cli.conftest import SHORT, TOY
from workbench.cli.trust import WIDTH, card_table


@pytest.mark.parametrize("command", [("run", TOY), ("compare", TOY, TOY)])
def test_the_card_comes_before_any_figure(caudal, command):
    """Whoever reads from the top knows how far to trust the table below, and JSON has the same lines."""
    code, out, _ = caudal(*command, *SHORT)
    assert code == 0
    assert out.index("Unfinished") < out.index("not checked") < out.index("KPI")
    assert "3 replications:" in out
    _, out, _ = caudal(*command, *SHORT, "--json", "-")
    lines = json.loads(out)["trust"]
    assert [line["topic"] for line in lines][:4] == ["Unfinished", "Overload", "Warm-up", "Precision"]
    assert lines[3]["standing"] == "caution"


def test_long_sentences_go_on_in_the_next_line():
    """No line is longer than a terminal is wide, and no word is lost."""
    words = " ".join(f"word{i}" for i in range(40))
    _, _, *rows = card_table([TrustLine("Overload", "spoils", words, "Mend it.")]).splitlines()
    assert len(rows) > 1
    assert max(map(len, rows)) <= WIDTH + len("Overload  verdict  ")
    assert " ".join(" ".join(rows).split()) == f"Overload spoils {words} Mend it."
