"""Broken scenario files, through each command that reads one: a sentence with file and line, and nothing written."""

import json
from pathlib import Path

import pytest

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
LOST = "      lost: {kind: end, outcome: lost, result: lost}"
ORPHAN = "      orphan: {kind: wait, duration: 1 d, next: won}\n"
LOOP = "      round: {kind: wait, duration: 1 d, next: again}\n      again: {kind: wait, duration: 1 d, next: round}\n"
BOMB = "caudal: 1\nname: Bomb\nx0: &x0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 12)
)


def changed(old, new):
    """The toy scenario with one text replaced by another."""
    text = TOY.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


def bad_files():
    """By name: content, the line that must be named (0 for none), and words that the message must have."""
    return {
        "unknown key": (changed("caudal: 1", "caudal: 1\nflavour: mild"), 2, "there is no 'flavour' here"),
        "slip of the pen": (changed("head_count", "head_cuont"), 9, "did you mean 'head_count'?"),
        "share over 1": (changed("30 %", "130 %"), 17, "'130 %' is more than the whole"),
        "shares over 1 together": (changed("{to: lost}", "{to: lost, probability: 90 %}"), 16, "add up to 120 %"),
        "route to a missing step": (changed("to: lost", "to: lsot"), 18, "no step 'lsot'; did you mean 'lost'?"),
        "team with nobody": (changed("head_count: 2", "head_count: 0"), 9, "'sellers', in which there is nobody"),
        "team that is missing": (changed("team: sellers", "team: seller"), 13, "did you mean 'sellers'?"),
        "step out of reach": (changed(LOST, ORPHAN + LOST), 24, "no case ever comes to 'orphan'"),
        "loop with no way out": (changed("      pay:", LOOP + "      pay:"), 19, "a loop with no way out"),
        "negative duration": (changed("{exponential: 10 d}", "-10 d"), 21, "'-10 d' is negative"),
        "negative rate": (changed("6 /d", "-6 /d"), 7, "'-6 /d' is negative"),
        "time without unit": (changed("{exponential: 10 d}", "10"), 21, "'10' has the wrong unit"),
        "currency missing": (changed(", currency: EUR", ""), 4, "'currency' is missing"),
        "broken YAML": (changed("teams:", "teams: [:"), 8, "this is not YAML"),
        "tab": (changed("  sellers:", "\tsellers:"), 9, "indent with spaces, not tabs"),
        "key twice": (changed("  sellers:", "  sellers: {head_count: 1}\n  sellers:"), 10, "'sellers' stands twice"),
        "empty file": (b"", 0, "the file is empty"),
        "only a comment": (b"# nothing yet\n", 0, "the file is empty"),
        "binary file": (b"caudal: 1\n\x00\x01\x02", 0, "this is a binary file"),
        "other encoding": ("caudal: 1\nname: Função\n".encode("latin-1"), 2, "must be saved as UTF-8"),
        "list": (b"- a\n- b\n", 1, "the file holds a list"),
        "program in a tag": (b"caudal: 1\nname: !!python/name:os.system\n", 2, "write plain YAML"),
        "alias bomb": (BOMB.encode(), 8, "200 000 values once its aliases are written out"),
        "6 MB": (TOY.read_bytes() + b"# padding\n" * 629_146, 0, "larger than 5 MB"),
        "a billion leads": (changed("6 /d", "1 000 000 000 /d"), 6, "20 000 000 at most can be simulated"),
        "missing base": (b"caudal: 1\nname: X\nbased_on: gone.yaml\n", 3, "neither a file 'gone.yaml' beside"),
        "own base": (b"caudal: 1\nname: X\nbased_on: bad.yaml\n", 3, "cannot be based on itself"),
    }


BAD = bad_files()


@pytest.fixture
def bad(tmp_path):
    """Write one of the bad files, in a folder of its own."""

    def write(what):
        path = tmp_path / "bad.yaml"
        path.write_bytes(BAD[what][0])
        return path

    return write


def is_explained(what, path, err):
    """Whether the message is what a user needs: the command's name, the file, the line, what is wrong, no traceback."""
    _, line, words = BAD[what]
    place = f"{path}:{line}: " if line else f"{path}: "
    first = err.removeprefix("caudal: ").splitlines()[0]
    assert err.startswith("caudal: ")
    assert first.startswith(place), first
    assert words in first
    assert "Traceback" not in err
    assert all(each.startswith(str(path)) for each in err.removeprefix("caudal: ").splitlines())
    return True


@pytest.mark.parametrize("what", BAD)
def test_validate_explains(caudal, bad, what):
    """`caudal validate` ends with 2, says nothing else, and writes nothing."""
    path = bad(what)
    code, out, err = caudal("validate", path)
    assert (code, out) == (2, "")
    assert is_explained(what, path, err)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("what", BAD)
def test_run_explains_before_it_runs(caudal, bad, what):
    """`caudal run` gives the same message and leaves no JSON."""
    path = bad(what)
    code, out, err = caudal("run", path, "--jobs", "1", "--replications", "1", "--json", path.parent / "out.json")
    assert (code, out) == (2, "")
    assert is_explained(what, path, err)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("what", BAD)
def test_compare_explains_a_bad_other(caudal, bad, what):
    """A good base does not hide that the other is bad; neither report nor JSON is written."""
    path = bad(what)
    files = ("--report", path.parent / "out.html", "--json", path.parent / "out.json")
    code, out, err = caudal("compare", TOY, path, "--jobs", "1", "--replications", "1", *files)
    assert (code, out) == (2, "")
    assert is_explained(what, path, err)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("what", ["broken YAML", "route to a missing step", "a billion leads"])
def test_trace_explains(caudal, bad, what):
    """`caudal trace` does not begin a file that it cannot end."""
    path = bad(what)
    code, out, err = caudal("trace", path, "--output", path.parent / "out.parquet")
    assert (code, out) == (2, "")
    assert is_explained(what, path, err)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("command", ["bottlenecks", "diary", "forecast", "quick", "search", "tornado", "warm-up"])
@pytest.mark.parametrize("what", ["tab", "time without unit", "negative rate", "empty file"])
def test_every_other_command_explains_too(caudal, bad, command, what):
    """What they are asked of a bad scenario they refuse as `caudal run` does, and no JSON is written."""
    path = bad(what)
    scenarios = [TOY, path] if command == "diary" else [path]
    changes = ("--set", "teams.sellers.head_count=3") if command == "quick" else ()
    code, out, err = caudal(command, *scenarios, *changes, "--json", path.parent / "out.json")
    assert (code, out) == (2, "")
    assert is_explained(what, path, err)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "command", ["bottlenecks", "diary", "forecast", "quick", "search", "study", "tornado", "warm-up"]
)
def test_what_is_no_file_is_refused_by_every_command(caudal, tmp_path, command):
    """A folder, a file that is missing, an unknown name, and an output where none can be: a sentence and 2 each."""
    more = {"diary": (TOY,), "quick": ("--set", "teams.sellers.head_count=3")}.get(command, ())
    good = "first_study" if command == "study" else TOY
    for scenario, output, words in (
        (tmp_path, "out.json", "this is a folder"),
        (tmp_path / "gone.yaml", "out.json", "there is no such file"),
        ("nowhere", "out.json", "there is neither a file nor a shipped"),
        (good, "no/out.json", "there is no folder"),
        (good, "", "is a directory"),
    ):
        code, out, err = caudal(command, scenario, *more, "--json", tmp_path / output)
        assert (code, out) == (2, "")
        assert words in err
        assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", BAD)
def test_problems_as_json_say_the_same(caudal, bad, what):
    """With --json the problems are rows with file, line, path and message, in the order of the message."""
    path = bad(what)
    code, out, err = caudal("validate", path, "--json", "-")
    problems = json.loads(out)["problems"]
    assert code == 2
    assert problems
    assert all(list(problem) == ["file", "line", "path", "message"] for problem in problems)
    assert (problems[0]["file"], problems[0]["line"]) == (str(path), BAD[what][1])
    assert BAD[what][2] in problems[0]["message"]
    assert all(problem["message"] in line for problem, line in zip(problems, err.splitlines(), strict=True))


def test_a_good_file_has_no_problems_in_json(caudal, tmp_path):
    """The JSON of a file that is fine holds an empty list, in a file and on standard output."""
    assert json.loads(caudal("validate", TOY, "--json", "-")[1]) == {"problems": []}
    code, out, _ = caudal("validate", TOY, "--json", tmp_path / "problems.json")
    assert (code, out) == (0, f"{TOY}: fine\n")
    assert json.loads((tmp_path / "problems.json").read_text(encoding="utf-8")) == {"problems": []}


def test_all_problems_of_a_file_come_at_once_in_the_order_of_lines(caudal, tmp_path):
    """Five mistakes give five sentences, from top to bottom."""
    text = TOY.read_text(encoding="utf-8")
    for old, new in (
        (", currency: EUR", ""), ("6 /d", "-6 /d"), ("head_count", "haed_count"), ("30 %", "130 %"), ("10 d", "10 EUR"),
    ):  # fmt: skip
        text = text.replace(old, new)
    path = tmp_path / "five.yaml"
    path.write_text(text, encoding="utf-8")
    code, _, err = caudal("validate", path)
    lines = [int(line.partition("five.yaml:")[2].partition(":")[0]) for line in err.splitlines()]
    assert code == 2
    assert lines == [4, 7, 9, 17, 21]


def test_a_folder_a_missing_file_and_a_wrong_name_are_told_apart(caudal, tmp_path):
    """Each is refused with its own sentence; a name that is nearly right is mended."""
    for asked, words in (
        (tmp_path, "this is a folder: name a scenario file"),
        (tmp_path / "gone.yaml", "there is no such file"),
        ("baselines/pt_instalation", "baselines/pt_installation"),
    ):
        code, _, err = caudal("run", asked)
        assert code == 2
        assert words in err
        assert str(asked) in err


@pytest.mark.slow
@pytest.mark.parametrize("what", ["alias bomb", "binary file", "loop with no way out"])
def test_the_installed_command_says_it_too(started, bad, what):
    """In a process of its own as well: exit code 2, the sentence on standard error only."""
    path = bad(what)
    process = started("validate", path)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert is_explained(what, path, err)


MULTIPLYING = """
caudal: 1
name: Multiplying
horizon: {start: 2024-02-26, warm_up: 1 d, length: 10 d, currency: EUR}
channels: {calls: {process: calls, interval: 5 h}}
teams: {desk: {head_count: 1}}
processes: {calls: {steps: {more: {kind: spawn, process: calls, count: {poisson: 2}}, over: {kind: end, outcome: o}}}}
"""


@pytest.mark.slow
def test_cases_beyond_all_memory_are_told_in_a_sentence(started, tmp_path):
    """Steps that spawn ever more cases end the command with what to do about it, and no traceback."""
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits the memory of another process")
    (tmp_path / "many.yaml").write_text(MULTIPLYING, encoding="utf-8")
    process = started("run", tmp_path / "many.yaml", "--replications", "1", "--jobs", "1")
    resource.prlimit(process.pid, resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.startswith("caudal: there is not enough memory: ")
    assert err.count("\n") == 1
