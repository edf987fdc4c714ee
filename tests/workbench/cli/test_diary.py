"""`caudal diary`: totals and telling leads, one lead in full, and what is refused."""

import json
from pathlib import Path

import pytest

OFFERS = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "diary" / "offers.yaml"


@pytest.fixture
def two(tmp_path):
    """The scenario with a second seller."""
    path = tmp_path / "two.yaml"
    path.write_text(f"caudal: 1\nname: Two sellers\nbased_on: {OFFERS}\nteams: {{sellers: {{head_count: 2}}}}\n")
    return path


def line(out, words):
    """The first line that holds the words."""
    return next(each for each in out.splitlines() if words in each)


def test_totals_and_telling_leads(caudal, two):
    """Who ordered in one scenario only, by cause, and the leads to look at; standard error says how long both took."""
    code, out, err = caudal("diary", OFFERS, two, "--engine", "simpy", "--jobs", "1")
    assert code == 0
    assert err.startswith("2 scenarios in ")
    assert "8 replications of both in" in err
    assert "8 paired replications: Two sellers wins +4.0 leads a run (+4.0 to +4.0 leads)." in out
    assert "Replication 0: 10 leads in both, 0 only in Offers, 0 only in Two sellers; 4 turned." in out
    assert line(out, "Ordered in Two sellers, lost in Offers").split("  ")[-2:] == ["4.0 leads", "4.0 to 4.0 leads"]
    assert line(out, "Gone?, after a shorter wait (everybody busy)").split("  ")[-2].strip() == "4.0 leads"
    assert line(out, "Ordered in Offers, lost in Two sellers").split("  ")[-2].strip() == "0 leads"
    assert "still open" not in out
    assert out.count("+1 000 EUR") == 4


def test_who_is_still_open_has_a_line_of_its_own(caudal, two):
    """After 28 h one seller has served four and lost nobody; two have served eight."""
    cut = ("--engine", "simpy", "--jobs", "1", "--length", "28.5 h")
    code, out, _ = caudal("diary", OFFERS, two, *cut)
    assert code == 0
    assert line(out, "Ordered in Two sellers, lost in Offers").split("  ")[-2].strip() == "0 leads"
    assert line(out, "Ordered in Two sellers, still open in Offers at the end").split("  ")[-2].strip() == "4.0 leads"
    code, out, _ = caudal("diary", two, OFFERS, *cut)
    assert line(out, "Ordered in Two sellers, still open in Offers at the end").split("  ")[-2].strip() == "4.0 leads"
    code, out, _ = caudal("diary", two, OFFERS, *cut, "--json", "-")
    content = json.loads(out)
    turns = ("gained", "given_up", "ahead", "behind")
    assert [sum(content[name].values()) for name in turns] == [0, 0, 0, 4]
    assert [content["totals"][name]["total"]["mean"] for name in turns] == [0, 0, 0, 4]


def test_one_lead_in_full(caudal, two):
    """The key from the first table shows both ways side by side, with dates, waits and people."""
    _, out, _ = caudal("diary", OFFERS, two, "--engine", "simpy", "--jobs", "1", "--json", "-")
    key = json.loads(out)["telling"][0]["key"]
    code, out, _ = caudal("diary", OFFERS, two, "--engine", "simpy", "--jobs", "1", "--lead", key)
    assert code == 0
    assert out.startswith(f"Lead {key}, base: Offers, lost; other: Two sellers, won\nGone?, after a shorter wait")
    call = next(line for line in out.splitlines() if line.startswith("First call"))
    assert call.count("2024-01-02 00:00") == 2
    assert call.count("everybody busy") == 2
    assert "sellers.staff 1" in call or "sellers.staff 2" in call


def test_json_holds_leads_and_rows(caudal, two):
    """Nothing but JSON on standard output, for all leads and for one."""
    code, out, _ = caudal("diary", OFFERS, two, "--engine", "simpy", "--jobs", "1", "--replication", 3, "--json", "-")
    content = json.loads(out)
    assert (code, content["replication"], content["both"]) == (0, 3, 10)
    assert len(content["leads"]) == sum(content["gained"].values()) == 4
    key = content["leads"][0]["key"]
    code, out, _ = caudal("diary", OFFERS, two, "--engine", "simpy", "--jobs", "1", "--lead", key, "--json", "-")
    rows = json.loads(out)["rows"]
    assert rows[0]["base"]["step"] == rows[0]["other"]["step"] == "First call"
    assert rows[-1]["other"] is None or rows[-1]["base"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--lead", "7"), "there is no lead 7"),
        (("--replication", "-1"), "the replication must lie between"),
        (("--json", "no/such/folder.json"), "there is no folder"),
        (("--lead", "many"), "is not a valid integer"),
    ],
)
def test_mistakes_are_one_sentence(caudal, two, arguments, sentence):
    """Exit code 2, a sentence with the mend, no traceback and no figures."""
    code, out, err = caudal("diary", OFFERS, two, "--engine", "simpy", "--jobs", "1", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err
