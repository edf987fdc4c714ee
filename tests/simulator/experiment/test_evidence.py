"""Which assumptions count as weak, of the base and of what is compared with it."""

import math
from types import SimpleNamespace

import pytest
import yaml

from simulator.experiment.evidence import added_by, evidence_found, listed
from simulator.experiment.sensitivity.parameters import Parameter
from simulator.schema.loading import load_scenario
from tests.simulator.experiment.declared.conftest import LEVERS


def tornado(*bars):
    """A tornado whose bars have these labels, grades, spans and adjusted p-values."""
    made = [
        SimpleNamespace(parameter=Parameter(label, label, "1", "", 1.0, 0.0, 2.0, grade), span=span, p_adjusted=p)
        for label, grade, span, p in bars
    ]
    return SimpleNamespace(kpi=SimpleNamespace(label="Margin"), bars=made, replications=5)


@pytest.mark.parametrize(
    ("bars", "standing", "words"),
    [
        ([("guess", "D", 9.0, 0.2), ("price", "A", 5.0, 0.01)], "fine", "All of the 1 of 2"),
        ([("guess", "D", 9.0, 0.049), ("price", "A", 5.0, 0.01)], "caution", "1 rest on grade C, D or none: guess (D)"),
        ([("guess", "D", 9.0, 0.2)], "caution", "by more than chance explains, over 5 replications"),
        ([("guess", "D", 9.0, math.nan)], "caution", "by more than chance explains"),
        ([("guess", "D", 0.0, 1.0)], "fine", "None of the assumptions that were moved changes"),
    ],
)
def test_only_what_surely_moves_the_result_counts(bars, standing, words):
    """A long bar that chance explains says nothing of its evidence; where none is sure, that is said."""
    found = evidence_found("x", tornado(*bars), ())
    assert found[0] == standing
    assert words in found[1]


def test_what_a_scenario_adds_is_named(tmp_path):
    """A changed number without source and a new one of grade D are added; one of grade A, and what stays, are not."""
    new = {"value": 3, "grade": "D", "source": "A guess"}
    known = {"value": "4 %", "grade": "A", "source": "The contract"}
    variant = {"caudal": 1, "name": "Dearer", "based_on": str(LEVERS),
               "policies": {"price": "120 EUR", "fee": known, "surcharge": new}}  # fmt: skip
    path = tmp_path / "dearer.yaml"
    path.write_text(yaml.safe_dump(variant), encoding="utf-8")
    base, other = load_scenario(LEVERS), load_scenario(path)
    ((_, added),) = added_by([base, other])
    assert sorted(each.split(" (")[0].lower() for each in added) == ["price", "surcharge"]
    assert added_by([base]) == ()
    assert added_by([base, other, base]) == (("Dearer", added), ("Levers", ()))
    sure = tornado(("price", "A", 5.0, 0.01))
    standing, found, advice = evidence_found("x", sure, (("Dearer", added), ("Same", ())))
    assert (standing, "Dearer adds 2 on grade C, D or none: " in found, "Same" in found) == ("caution", True, False)
    assert advice
    assert evidence_found("x", None, (("Dearer", added),))[0] == "not checked"
    _, both, _ = evidence_found("x", sure, (("Dearer", added), ("Cheaper", added[:1])))
    assert "The scenarios add assumptions of grade C, D or none: Dearer 2, Cheaper 1." in both
    assert added[0] not in both


def test_long_lists_are_cut():
    """Five are named, the rest is counted."""
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"
    assert listed("ab") == "a, b"
