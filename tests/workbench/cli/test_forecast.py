"""`caudal forecast`: tables, JSON, files of open cases, and what is refused."""

import json
from pathlib import Path

import pytest

SHOP = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "forecast" / "shop.yaml"
FAST = ("--replications", "19", "--months", "2", "--jobs", "1", "--engine", "simpy")


def test_tables_say_what_may_come(caudal):
    """A table for bookings and one for cash, the weighted pipeline beside each, and what the bands are."""
    code, out, err = caudal("forecast", SHOP, *FAST)
    assert code == 0
    assert "Small shop from 5 May 2026: " in out
    assert "open cases, of a simulated past, as the scenario states no pipeline" in out
    assert [line.split()[0] for line in out.splitlines() if line.startswith(("Bookings", "Cash"))] == [
        "Bookings", "Cash",
    ]  # fmt: skip
    assert out.count("5 Jun 2026 ") == out.count("5 Jul 2026 ") == out.count("altogether ") == 2
    assert out.count("Weighted pipeline, without new leads or dates: ") == 2
    assert "Prediction intervals, not confidence intervals" in out
    assert "19 futures in" in err
    assert "means of the year that the scenario measures, not the bands" in " ".join(out.split())
    assert "Run on, with" not in out


def test_json_holds_every_quantile(caudal):
    """Months with their ends, totals, and the weighted pipeline, to the last digit."""
    code, out, _ = caudal("forecast", SHOP, *FAST, "--json", "-")
    content = json.loads(out)
    booked = content["accounts"]["booked"]
    assert code == 0
    assert (content["currency"], content["today"], content["simulated_pipeline"]) == (
        "EUR",
        "2026-05-05T00:00:00",
        True,
    )
    assert booked["probabilities"] == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert [month["to"] for month in booked["months"]] == ["2026-06-05T00:00:00", "2026-07-05T00:00:00"]
    assert all(month["quantiles"] == sorted(month["quantiles"]) for month in booked["months"])
    assert booked["weighted_pipeline"] > 0


def test_a_written_pipeline_is_read_again(caudal, tmp_path):
    """The same cases from a file give the same figures, and are no longer called simulated."""
    file = tmp_path / "open.csv"
    _, first, _ = caudal("forecast", SHOP, *FAST, "--write-pipeline", file, "--json", "-")
    code, again, _ = caudal("forecast", SHOP, *FAST, "--pipeline", file, "--json", "-")
    assert code == 0
    assert json.loads(first)["accounts"] == json.loads(again)["accounts"]
    assert not json.loads(again)["simulated_pipeline"]
    assert file.read_text(encoding="utf-8").startswith("id,process,step,age,")


def test_a_file_takes_the_place_of_the_rows_of_the_scenario(caudal, tmp_path):
    """One case in the file, and not two with that of the scenario."""
    firm, file = tmp_path / "firm.yaml", tmp_path / "open.csv"
    rows = "pipeline: {cases: {old: {process: deal, step: think, age: 3 d}}}\n"
    firm.write_text(SHOP.read_text(encoding="utf-8") + rows, encoding="utf-8")
    file.write_text("id,process,step,age\nA-1,deal,call,3 d\n", encoding="utf-8")
    for more in ((), ("--pipeline", file)):
        code, out, _ = caudal("forecast", firm, *FAST, *more, "--json", "-")
        assert (code, json.loads(out)["open_cases"]) == (0, 1)


def test_fans_are_drawn_into_a_page(caudal, tmp_path):
    """One for bookings and one for cash, in a file that needs nothing else."""
    page = tmp_path / "fans.html"
    assert caudal("forecast", SHOP, *FAST, "--pictures", page)[0] == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 2
    assert "What cash may come in from 5 May 2026" in text


def test_another_day(caudal):
    """The forecast may begin before the warm-up is over."""
    code, out, _ = caudal("forecast", SHOP, *FAST, "--today", "2026-03-15")
    assert code == 0
    assert "Small shop from 15 Mar 2026" in out
    assert "15 Apr 2026 " in out


def test_a_backtest_says_what_held(caudal):
    """Shares with standard errors, for both bands of both accounts, and the errors of both forecasts."""
    code, out, err = caudal("forecast", SHOP, *FAST, "--backtest", "3")
    rows = [line for line in out.partition("Backtest on 3 simulated truths")[2].splitlines() if "+-" in line]
    assert code == 0
    assert [row.split("  ")[0] for row in rows] == ["Bookings", "Bookings", "Cash collected", "Cash collected"]
    assert "weighted pipeline by" in out
    assert "57 replications in" in err  # of three truths, 19 each
    _, content, _ = caudal("forecast", SHOP, *FAST, "--backtest", "3", "--json", "-")
    assert len(json.loads(content)["backtest"]["coverage"]) == 4


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--months", "0"), "the number of months must lie between 1 and 60"),
        (("--replications", "5"), "at least 19 replications"),
        (("--backtest", "1"), "the number of truths must lie between"),
        (("--today", "2025-01-01"), "the scenario begins on 2026-01-05: --today cannot be before"),
        (("--today", "2026-01-05"), "neither an open pipeline nor a warm-up"),
        (("--today", "soon"), "does not match the format"),
        (("--pipeline", "gone.csv"), "does not exist"),
        (("--json", "no/such/folder.json"), "there is no folder"),
        (("--pictures", "no/such/fans.html"), "there is no folder"),
        (("--write-pipeline", "no/such/open.csv"), "there is no folder"),
    ],
)
def test_mistakes_are_one_sentence(caudal, arguments, sentence):
    """Exit code 2, a sentence with the mend, no traceback and no figures."""
    code, out, err = caudal("forecast", SHOP, *FAST, *arguments)
    assert (code, out) == (2, "")
    assert "futures in" not in err
    assert sentence in err
    assert "Traceback" not in err


def test_a_bad_row_is_told_with_its_line(caudal, tmp_path, monkeypatch):
    """It begins with the file as it was given, its line and column."""
    file = tmp_path / "open.csv"
    file.write_text("id,process,step,age\nA-1,deal,cal,3 d\nA-1,deal,call,-3 d\n", encoding="utf-8")
    code, _, err = caudal("forecast", SHOP, *FAST, "--pipeline", file)
    assert code == 2
    assert f"{file}:2: step: 'deal' has no step 'cal'; did you mean 'call'?" in err
    assert f"{file}:3: age: a time that has passed cannot be negative" in err
    assert "changes" not in err
    monkeypatch.chdir(tmp_path)
    _, _, err = caudal("forecast", SHOP, *FAST, "--pipeline", "open.csv")
    assert str(tmp_path) not in err
    assert "open.csv:2: step: " in err
