"""Every option of every command, with values that are good and values that are not."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from simulator.experiment.plan import LARGEST_SEED, Plan, available_processors
from workbench.cli.main import COMMANDS
from workbench.cli.main import caudal as group
from workbench.cli.options import Duration, plan_of

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
SHORT = ("--replications", "2", "--jobs", "1", "--warm-up", "1 wk", "--length", "2 wk")
WORKERS = {"--seed", "--jobs", "--cluster", "--engine", "--json", "--help"}
STUDY = WORKERS | {"--replications", "--warm-up", "--length"}
PRECISION = {"--precision", "--kpi", "--max-replications"}
OPTIONS = {
    "scenarios": {"--json", "--help"},
    "validate": {"--json", "--help"},
    "run": STUDY | PRECISION | {"--all"},
    "compare": STUDY | PRECISION | {"--all", "--report"},
    "tornado": STUDY
    | {"--kpi", "--parameter", "--most", "--method", "--points", "--interaction", "--levels", "--pictures"},
    "bottlenecks": STUDY | {"--kpi", "--kind", "--most", "--rungs"},
    "search": STUDY
    | {"--kpi", "--want", "--tool", "--team", "--policy", "--budget", "--constraint", "--discount"}
    | {"--trials", "--candidates", "--fresh", "--indifference"},
    "warm-up": STUDY | {"--pictures", "--kpi", "--all"},
    "study": WORKERS | {"--check", "--output", "--replace", "--extend"},
    "forecast": WORKERS
    | {"--pipeline", "--today", "--months", "--replications", "--backtest", "--write-pipeline", "--pictures"},
    "diary": STUDY | {"--replication", "--lead"},
    "quick": {"--set", "--budget", "--seed", "--engine", "--json", "--all", "--help"},
    "trace": {"--replication", "--output", "--seed", "--engine", "--warm-up", "--length", "--help"},
    "schema": {"--study", "--output", "--help"},
    "verify": {"--seed", "--jobs", "--engine", "--json", "--help"}
    | {"--twin", "--replication", "--warm-up", "--length"},
    "app": {"--port", "--help"},
}


def command(name):
    """A command of the group."""
    return group.get_command(click.Context(group), name)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_of_each_command_are_these(name):
    """No option is missing, and none has crept in without a test."""
    ctx = click.Context(command(name), help_option_names=["-h", "--help"])
    found = {text for each in command(name).get_params(ctx) for text in each.opts if text.startswith("--")}
    assert found == OPTIONS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_is_explained_in_a_sentence(name):
    """The help of each option begins with a capital and ends with a stop; so does that of the command."""
    for option in command(name).params:
        if isinstance(option, click.Option):
            assert option.help[0].isupper(), option.name
            assert option.help.endswith("."), option.name
    assert command(name).help.split("\n\n")[0].endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_needs_no_arguments_and_lists_the_options(name, flag):
    """Short and long flag print the same page on standard output, with every option on it."""
    done = CliRunner().invoke(group, [name, flag], prog_name="caudal")
    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.startswith(f"Usage: caudal {name} ")
    assert all(option in done.stdout for option in OPTIONS[name])


def test_the_group_shows_help_and_version():
    """`caudal -h` states the exit codes, `caudal --version` one line."""
    helped = CliRunner().invoke(group, ["-h"], prog_name="caudal")
    words = " ".join(helped.stdout.split())
    assert "0 fine, 1 a verification failed, 2 a mistake in what was asked, 130 interrupted" in words
    told = CliRunner().invoke(group, ["--version"], prog_name="caudal")
    assert told.exit_code == 0
    assert told.stdout.startswith("caudal, version ")
    assert len(told.stdout.splitlines()) == 1


GOOD = [
    ("90 d", 2160.0), ("90d", 2160.0), ("1 y", 8766.0), ("6 mo", 4383.0), ("2 wk", 336.0), ("30 min", 0.5), ("0", 0.0),
    ("1.5 h", 1.5), ("0 d", 0.0), ("1 000 h", 1000.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hours"), GOOD)
def test_times_are_read_as_people_write_them(text, hours):
    """Days, weeks, months, years, hours and minutes become hours; nought needs no unit."""
    assert Duration().convert(text, None, None) == pytest.approx(hours)


def test_a_time_that_is_read_already_stays():
    """Click converts defaults a second time."""
    assert Duration().convert(12.5, None, None) == 12.5


@pytest.mark.parametrize("text", ["90", "d", "", "ninety days", "1 EUR", "3 /d", "50 %", "1 d 2", "nan", "1 fortnight"])
@pytest.mark.parametrize("option", ["--warm-up", "--length"])
@pytest.mark.parametrize("name", ["run", "compare", "trace"])
def test_times_that_are_none_are_refused_with_examples(caudal, name, option, text):
    """The message names the option and what was written, and shows how to write it."""
    scenarios = (TOY, TOY) if name == "compare" else (TOY,)
    code, out, err = caudal(name, *scenarios, option, text)
    assert (code, out) == (2, "")
    assert f"'{option}': cannot read '{text}': write a time with its unit, such as '90 d'" in err


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--seed", "-1", f"the seed must lie between 0 and {LARGEST_SEED}, not -1"),
        ("--seed", str(LARGEST_SEED + 1), f"not {LARGEST_SEED + 1}"),
        ("--seed", "1.5", "'1.5' is not a valid integer"),
        ("--replications", "0", "must lie between 1 and 100000, not 0"),
        ("--replications", "100001", "must lie between 1 and 100000, not 100001"),
        ("--jobs", "0", "the number of jobs must lie between 1 and 1024, not 0"),
        ("--jobs", "1025", "the number of jobs must lie between 1 and 1024, not 1025"),
        ("--jobs", "all", "'all' is not a valid integer"),
        ("--warm-up", "101 y", "the warm-up must be at most 100 years, not 101"),
        ("--length", "0 h", "the length must be a positive time, not 0 h"),
        ("--length", "-2 h", "the length must be a positive time, not -2 h"),
        ("--cluster", "here", "'here' is no address of a scheduler: write one such as tcp://10.0.0.5:8786"),
        ("--engine", "fast", "'fast' is not one of 'auto', 'simpy', 'compiled'"),
        ("--json", "missing/out.json", "there is no folder 'missing'"),
    ],
)
@pytest.mark.parametrize("name", ["run", "compare"])
def test_values_out_of_range_are_refused(caudal, tmp_path, monkeypatch, name, option, value, words):
    """Exit code 2, the limits in the message, nothing on standard output and nothing written."""
    monkeypatch.chdir(tmp_path)
    scenarios = (TOY, TOY) if name == "compare" else (TOY,)
    code, out, err = caudal(name, *scenarios, option, value)
    assert (code, out) == (2, "")
    assert words in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "option", ["--seed", "--jobs", "--cluster", "--json", "--engine", "--length", "--warm-up", "--replications"]
)
def test_an_option_without_its_value_is_a_mistake(caudal, option):
    """The last word of a command line cannot be an option that needs one."""
    code, _, err = caudal("run", TOY, option)
    assert code == 2
    assert f"'{option}' requires an argument" in err


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_ports_are_checked(caudal, port):
    """A port lies between 1 and 65535."""
    code, _, err = caudal("app", "--port", port)
    assert code == 2
    assert "'--port'" in err


def test_every_option_reaches_the_plan():
    """What is asked for on the command line is what the study is planned with."""
    plan = plan_of(7, 5, 2, 24.0, 48.0, "simpy")
    assert plan == Plan(seed=7, replications=5, jobs=2, warm_up=24.0, length=48.0, engine="simpy")
    assert plan_of(1, 30, None, None, None, "auto") == Plan()
    assert plan_of(1, 30, None, None, None, "auto", "tcp://127.0.0.1:8786").cluster == "tcp://127.0.0.1:8786"
    assert Plan().workers == available_processors()


def planned(monkeypatch, caudal, *arguments):
    """The plan with which a command line runs."""
    seen = []

    def stop(scenarios, plan, *_):
        seen.append(plan)
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.experiment.checks.checked_studies", stop)
    assert caudal(*arguments)[0] == 130
    return seen[0]


@pytest.mark.parametrize("command_line", [("run", TOY), ("compare", TOY, TOY)])
def test_without_options_a_study_has_thirty_replications_of_what_the_scenario_states(monkeypatch, caudal, command_line):
    """The defaults of the command line are those of the library."""
    assert planned(monkeypatch, caudal, *command_line) == Plan()


@pytest.mark.parametrize("command_line", [("run", TOY), ("compare", TOY, TOY)])
def test_with_options_a_study_has_what_they_state(monkeypatch, caudal, command_line):
    """Each option is handed on under its own name."""
    stated = ("--seed", 9, "--replications", 4, "--jobs", 3, "--warm-up", "2 d", "--length", "1 wk")
    plan = planned(monkeypatch, caudal, *command_line, *stated, "--engine", "compiled")
    assert plan == Plan(seed=9, replications=4, jobs=3, warm_up=48.0, length=168.0, engine="compiled")


def test_the_engines_give_the_same_json(caudal):
    """The choice of engine changes no figure."""
    texts = {caudal("run", TOY, *SHORT, "--engine", engine, "--json", "-")[1] for engine in ("simpy", "compiled")}
    assert len(texts) == 1
    assert json.loads(texts.pop())["kpis"]["leads"]["mean"] > 0


def test_json_in_a_file_is_what_stands_on_standard_output(caudal, tmp_path):
    """The same bytes either way, and with the file the table is printed too."""
    code, out, _ = caudal("run", TOY, *SHORT, "--json", "-")
    assert code == 0
    code, table, _ = caudal("run", TOY, *SHORT, "--json", tmp_path / "out.json")
    assert code == 0
    assert (tmp_path / "out.json").read_bytes() == out.encode()
    assert out.endswith("}\n")
    assert "95 % interval" in table
    assert "{" not in table


def test_a_longer_time_has_more_leads_and_a_warm_up_leaves_them_out(caudal):
    """--length is what is measured, --warm-up is not counted."""

    def leads(warm_up, length):
        more = ("--warm-up", warm_up, "--length", length)
        out = caudal("run", TOY, "--replications", "2", "--jobs", "1", *more, "--json", "-")[1]
        return json.loads(out)["kpis"]["leads"]["mean"]

    assert leads("0 d", "1 wk") == pytest.approx(42, abs=20)
    assert leads("0 d", "4 wk") == pytest.approx(168, abs=40)
    assert leads("3 wk", "1 wk") < leads("0 d", "4 wk") / 2


def test_workers_get_ready_while_the_command_does():
    """Every command that replicates begins its workers before it imports what takes time."""
    script = """
import sys
from simulator.errors import Cancelled
from simulator.experiment import fork_server
from workbench.cli.main import exit_code

def begin(plan):
    print(sorted({"numpy", "pydantic", "altair"} & sys.modules.keys()))
    raise Cancelled("seen enough")

fork_server.begin = begin
for command in ("run x", "compare x y", "tornado x", "bottlenecks x", "search x", "forecast x", "warm-up x", "study x",
                "diary x y", "verify"):
    assert exit_code(command.split()) == 130, command
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"] * 10


def test_a_scenario_that_is_wrong_is_told_before_the_engine_is_imported():
    """Whoever mistypes a name does not wait for numerics."""
    script = """
import sys
from simulator.experiment import fork_server
from workbench.cli.main import exit_code

fork_server.begin = lambda plan: None
for command in ("run x", "compare baselines/pt_installation x"):
    assert exit_code(command.split()) == 2, command
    print(sorted({"numba", "scipy", "pandas"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"] * 2
    assert done.stderr.count("caudal: ") == 2
