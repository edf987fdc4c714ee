"""A file that says what it suits changes, in each scenario, what is there, at prices in its currency."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario
from simulator.schema.quantity import fixed

FIRM = """
caudal: 1
name: Firm
horizon: {start: 2026-01-05, warm_up: 0 d, length: 52 wk, currency: RON%s}
channels: {web: {label: Web, process: lead, rate: 100 /y}}
teams: {desk: {label: Desk, head_count: 1}}
processes:
  lead:
    steps:
      answer: {kind: work, label: Answer, team: desk, effort: 10 min}
      buys: {kind: decide, label: Buys?, outcomes: {yes_: {probability: 20 %%, to: won}, no_: {to: lost}}}
      won: {kind: end, outcome: won}
      lost: {kind: end, outcome: lost}
"""
TOOL = """
caudal: 1
name: Tool
based_on: firm.yaml
suits: [firm.yaml, another.yaml]
tools: {robot: {label: Robot, licence: 1 200.50 EUR/month, set_up: 40 EUR}}
channels: {fair: {label: Fair of 40 EUR}}
processes:
  lead:
    steps:
      answer: {automation: {tool: robot, share: 50 %, time: 1 min, cost: 2 EUR}}
      typed: {kind: wait, after: answer, label: Typed, duration: 1 h}
      call: {effort: 5 min}
      noted: {kind: wait, label: Noted behind the call, duration: 1 h}
      visit: {kind: work, after: call, label: Visit, team: drivers, effort: 1 h}
      buys: {outcomes: {maybe: {probability: 5 %}, yes_: {probability: 30 %}}}
  care:
    steps:
      greet: {effort: 5 min}
      again: {kind: spawn, after: greet, label: Again, process: report}
  report:
    steps:
      write: {kind: work, label: Write, team: writers, effort: 1 h}
      written: {kind: end, outcome: written}
"""
RATE = ", exchange: {eur: {value: 5, source: bank, grade: A}}"


@pytest.fixture
def laid(tmp_path):
    """A function that writes firm and tool, each with changes of its text, and loads the tool."""

    def load(rate=RATE, replaced=("", "")):
        (tmp_path / "firm.yaml").write_text(
            (FIRM % rate) + "sources: {bank: {title: Bank}}\n" * bool(rate), encoding="utf-8"
        )
        (tmp_path / "tool.yaml").write_text(TOOL.replace(*replaced), encoding="utf-8")
        return load_scenario(tmp_path / "tool.yaml").scenario

    return load


def test_changes_of_what_is_not_there_fall_away(laid):
    """Steps, outcomes, channels and processes that the firm lacks, and new steps that stand behind them."""
    scenario = laid()
    assert list(scenario.processes) == ["lead"]
    assert list(scenario.processes["lead"].steps) == ["answer", "typed", "buys", "won", "lost"]
    assert list(scenario.processes["lead"].steps["buys"].outcomes) == ["yes_", "no_"]
    assert list(scenario.channels) == ["web"]
    assert scenario.processes["lead"].steps["answer"].automation.tool == "robot"


def test_a_new_process_stays_where_a_step_that_is_there_begins_it(laid):
    """Behind a step of the firm the report is spawned, and so it is laid too."""
    with pytest.raises(ScenarioError, match="there is no team 'writers'"):
        laid(replaced=("      typed: {kind: wait, after: answer, label: Typed, duration: 1 h}",
                       "      typed: {kind: spawn, after: answer, label: Typed, process: report}"))  # fmt: skip


def test_prices_are_converted_at_the_stated_rate(laid):
    """Licence, set-up and price of a call; text for people stays as it is."""
    tool, firm = laid().tools["robot"], laid()
    assert (tool.licence.currency, tool.licence.text) == ("RON", "6002.5 RON/month")
    assert fixed(tool.set_up) == 200
    assert fixed(firm.processes["lead"].steps["answer"].automation.cost) == 10


def test_without_a_rate_a_price_in_another_currency_is_refused(laid):
    """Nobody guesses a rate."""
    with pytest.raises(ScenarioError, match="is in EUR, the scenario is in RON"):
        laid(rate="")


def test_a_file_of_which_nothing_is_there_is_refused(laid):
    """A licence for a tool that does nothing would be a silent mistake."""
    with pytest.raises(ScenarioError, match="none of the steps that this file changes"):
        laid(replaced=("  lead:\n", "  sale:\n"))


def test_a_file_that_does_not_say_what_it_suits_is_held_to_all_it_says(laid):
    """Without the list of scenarios a step that is not there is a mistake, as it always was."""
    with pytest.raises(ScenarioError, match="a step needs a kind"):
        laid(replaced=("suits: [firm.yaml, another.yaml]\n", ""))
