"""The line that says how far a study is."""

import logging
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from tests.workbench.cli.conftest import SHORT, TOY
from workbench.cli import progress
from workbench.cli.progress import progress_line, spoken_seconds

SIMPY, CLUSTER = Plan(engine="simpy"), Plan(cluster="tcp://127.0.0.1:8786")
WORDS = "Compiling the engine"


class Cold(list):
    """Times at which a cold engine was compiled, which a test may refuse."""

    refuses = False

    def warm_up(self):
        """Do as if."""
        if self.refuses:
            raise StudyError("compiled first")
        self.append("compiled")


@pytest.fixture
def cold(monkeypatch):
    """An engine that has never been compiled."""
    cold = Cold()
    monkeypatch.setattr("simulator.engines.warm.is_cold", lambda: not cold)
    monkeypatch.setattr("simulator.engines.warm.warm_up", cold.warm_up)
    return cold


class Clock:
    """A clock that a test moves on."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """The clock of the progress line."""
    clock = Clock()
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=clock))
    return clock


@pytest.fixture
def terminal(monkeypatch):
    """Standard error is a terminal of so many columns."""

    def of(columns):
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        size = os.terminal_size((columns, 24))
        monkeypatch.setattr(progress.shutil, "get_terminal_size", lambda **_: size)

    return of


def lines(err):
    """What a terminal showed one after the other."""
    return [part.replace("\x1b[K", "") for part in err.split("\r")]


def test_in_a_file_only_the_closing_line_is_written(capsys, clock):
    """A log does not fill with bars."""
    with progress_line("replications", SIMPY) as show:
        show(1, 4)
        clock.now += 12.0
        show(4, 4)
    assert capsys.readouterr() == ("", "4 replications in 12 s\n")


@pytest.mark.parametrize("columns", [None, 120])
@pytest.mark.parametrize(
    ("plan", "twins", "compiles"),
    [(Plan(), True, 1), (Plan(), False, 1), (SIMPY, True, 1), (SIMPY, False, 0), (CLUSTER, True, 0)],
)
def test_a_cold_engine_is_compiled_once_and_that_is_said(cold, capsys, terminal, plan, twins, compiles, columns):
    """In a terminal and in a log; only where the compiled engine runs on this machine, if only to be compared."""
    if columns is not None:
        terminal(columns)
    for compiled in (compiles, 0):
        before = len(cold)
        with progress_line("replications", plan, twins=twins):
            pass
        assert len(cold) - before == compiled
        assert capsys.readouterr().err.startswith(WORDS) == bool(compiled)


COMMANDS = [
    ("run", TOY, *SHORT), ("compare", TOY, TOY, *SHORT), ("trace", TOY, "--length", "1 wk"),
    ("quick", TOY, "--budget", "0.1 s"), ("verify",), ("verify", "--twin", TOY), ("tornado", TOY, "--kpi", "orders"),
    ("forecast", TOY), ("run", TOY, "--engine", "simpy", *SHORT), ("diary", TOY, TOY, "--engine", "simpy"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(map(str, command[::2])))
def test_every_command_compiles_a_cold_engine_before_it_uses_it(cold, caudal, command):
    """The engine is ready before any worker starts; who waits reads why."""
    cold.refuses = True
    code, out, err = caudal(*command)
    assert (code, out) == (2, "")
    assert err.startswith(f"{WORDS}: one or two minutes, once for each version.\n")
    assert "compiled first" in err


def test_what_is_wrong_is_said_before_the_engine_is_compiled(cold, caudal):
    """Nobody waits for the compiler to read of a wrong name."""
    assert caudal("verify", "--twin", "no/such")[0] == 2
    assert caudal("run", "no/such")[0] == 2
    assert not cold


@pytest.mark.parametrize(("columns", "shown"), [
    (None, ["2 workers compile the engine first.\n4 replications in 0.0 s\n"]),
    (120, ["", "replications: starting", "2 workers compile the engine first.\n", "replications: starting",
           "4 replications in 0.0 s\n"]),
])  # fmt: skip
def test_what_the_simulator_warns_of_stands_above_the_line(capsys, clock, terminal, columns, shown):
    """In a log and in a terminal, whoever warns; nothing is heard any more once the line is closed."""
    if columns is not None:
        terminal(columns)
    log = logging.getLogger("simulator.experiment.somewhere")
    with progress_line("replications", CLUSTER) as show:
        log.warning("%d workers compile the engine first.", 2)
        log.info("Nobody asked.")
        show(4, 4)
    told = [part for part in lines(capsys.readouterr().err) if "4 of 4" not in part]
    assert [part for part in told if part] == [part for part in shown if part]
    assert not logging.getLogger("simulator").handlers


def test_in_a_terminal_the_line_moves_and_closes(capsys, clock, terminal):
    """Starting, a bar with the time that is left at the pace since the first, and at the end one line that stays."""
    terminal(120)
    with progress_line("replications", SIMPY) as show:
        for seconds, done in ((60.0, 1), (2.0, 2), (2.0, 3), (6.0, 6)):
            clock.now += seconds
            show(done, 6)
    assert lines(capsys.readouterr().err) == [
        "",
        "replications: starting",
        "replications: [####....................] 1 of 6",
        "replications: [########................] 2 of 6",
        "replications: [############............] 3 of 6, 6.0 s left",
        "replications: [########################] 6 of 6, 0.0 s left",
        "6 replications in 1 min 10 s\n",
    ]


def test_no_time_is_told_before_there_is_a_pace(capsys, clock, terminal):
    """Many results within the first second say little."""
    terminal(120)
    with progress_line("replications", SIMPY) as show:
        for done in range(1, 20):
            clock.now += 0.125
            show(done, 100)
    told = [float(line.split()[-3]) for line in lines(capsys.readouterr().err) if line.endswith("left")]
    assert told == pytest.approx([0.125 * (100 - done) for done in range(9, 20)], abs=0.51)


@pytest.mark.parametrize(("foreseen", "most"), [(True, 20), (False, 10)])
def test_no_time_is_told_where_the_work_grows(capsys, clock, terminal, foreseen, most):
    """What turned out to be more, or will, may do so again."""
    terminal(120)
    with progress_line("trials", SIMPY, foreseen=foreseen) as show:
        for done in range(1, 10):
            clock.now += 1.0
            show(done, 10 if done < 5 else most)
    told = [line.partition("]")[2] for line in lines(capsys.readouterr().err)[2:] if line.endswith("left")]
    assert told == ([" 3 of 10, 7.0 s left", " 4 of 10, 6.0 s left"] if foreseen else [])


def test_a_line_may_go_without_a_closing_one(capsys, clock, terminal):
    """Where the answer itself says how many it rests on."""
    terminal(80)
    with progress_line("replications", SIMPY, closes=False) as show:
        show(1, 1)
    assert lines(capsys.readouterr().err)[-1] == ""


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("verify", "--twin", "theory/m_m_1_6", "--length", "1 d"), "engines"),
        (("trace", TOY, "--length", "1 wk", "--engine", "simpy"), "parts of the trace"),
        (("quick", TOY, "--budget", "0.5 s", "--engine", "simpy"), "replications"),
    ],
)
def test_what_works_in_this_process_shows_its_progress(caudal, monkeypatch, command, what):
    """From its start to its last part, after which the line is cleared."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    code, _, err = caudal(*command)
    shown = lines(err)
    assert code == 0
    assert shown[1] == f"{what}: starting"
    assert re.search(rf"^{what}: \[#+\.*\] \d+ of \d+", shown[-2])
    assert shown[-1] == ""


def test_the_line_is_cut_where_the_terminal_ends(capsys, clock, terminal):
    """A line that wraps could not be taken back."""
    terminal(30)
    with progress_line("replications", SIMPY) as show:
        show(1, 1000)
    moving = lines(capsys.readouterr().err)[2]
    assert moving == "replications: [.............."
    assert len(moving) == 29


def test_an_interruption_clears_the_line_and_claims_nothing(capsys, clock, terminal):
    """After Ctrl-C nothing says that the study was done, and the cursor stands on an empty line."""
    terminal(80)

    def interrupted():
        with progress_line("replications", SIMPY) as show:
            show(1, 4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    err = capsys.readouterr().err
    assert err.endswith("\r\x1b[K")
    assert " in " not in err


def test_an_error_passes_without_a_line_in_a_file(capsys, clock):
    """The message of the error is all that a log gets."""

    def failing():
        with progress_line("replications", SIMPY):
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        failing()
    assert capsys.readouterr().err == ""


def test_the_bar_never_shrinks_nor_grows_in_width(capsys, clock, terminal):
    """24 characters from the first replication to the last."""
    terminal(120)
    with progress_line("runs", SIMPY) as show:
        for done in range(1, 38):
            clock.now += 0.5
            show(done, 37)
    bars = re.findall(r"\[([#.]*)\]", capsys.readouterr().err)
    assert {len(bar) for bar in bars} == {24}
    assert [bar.count("#") for bar in bars] == sorted(bar.count("#") for bar in bars)
    assert bars[-1] == "#" * 24


SPOKEN = [
    (0.0, "0.0 s"), (0.04, "0.0 s"), (9.94, "9.9 s"), (9.99, "10.0 s"), (10.0, "10 s"), (59.4, "59 s"),
    (59.6, "1 min 00 s"), (60.0, "1 min 00 s"), (61.0, "1 min 01 s"), (3599.4, "59 min 59 s"),
    (3599.6, "1 h 00 min"), (3661.0, "1 h 01 min"), (7199.0, "1 h 59 min"), (86_400.0, "24 h 00 min"),
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "text"), SPOKEN)
def test_times_are_spoken_without_sixty_seconds_or_minutes(seconds, text):
    """Rounding carries over: 59.6 s is a minute, not 60 s."""
    assert spoken_seconds(seconds) == text


def test_a_study_says_at_the_end_how_many_replications_it_made(caudal, variant):
    """Three replications of two scenarios are six, on standard error only."""
    other = variant("head_count: 2", "head_count: 3")
    short = ("--replications", "3", "--jobs", "1", "--warm-up", "0 d", "--length", "2 d")
    code, out, err = caudal("compare", other, other, *short)
    assert code == 0
    assert re.fullmatch(r"6 replications in \d+\.\d s\n", err)
    assert "replications in" not in out


def test_a_cold_cache_is_said_once_and_before_anything_compiles(monkeypatch, tmp_path):
    """To lay out a scenario may compile the samplers for seconds: nothing that does so is there when it is said."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    script = (
        "import sys, click\nfrom workbench.cli.progress import say_if_cold\n"
        "with click.Context(click.Command('run')): say_if_cold(); say_if_cold()\n"
        "print('simulator.program.compiler' in sys.modules, 'simulator.chance.sampling' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stderr.splitlines() == ["Compiling the engine: one or two minutes, once for each version."]
    assert said.stdout.split() == ["False", "False"]
