"""What may not be in a committed file: hosts of package registries, and paths of somebody's machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|deb\.debian|conda|anaconda)\.(?:org|com|net|io)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.$}\])/-])/(?:work|opt|root|home|Users)/\w+")


def complaints(text):
    """Everything in the text that names a registry or a place on one machine."""
    return REGISTRY.findall(text) + MACHINE_PATH.findall(text)


def committed_files():
    """Paths under version control that are text."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files are committed cannot be known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("see https://" + "pypi" + ".org/simple", True),
        ("cache in " + "/opt" + "/wheels", True),
        ('data = "' + "/work" + '/shared"', True),
        ("https://example.com/work/paper.html", False),
        ("effort/work/rework are counted", False),
        ("docs/decisions/0001.md", False),
    ],
)
def test_the_check_can_tell(text, bad):
    """The patterns find what they are meant to find and leave ordinary text alone."""
    assert bool(complaints(text)) is bad


def test_no_committed_file_names_a_registry_or_a_machine_path():
    """A clone works on any machine and with any index: nothing in it says where ours are."""
    found = {}
    for path in committed_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a binary file has no sentences
        if problem := complaints(text):
            found[str(path.relative_to(ROOT))] = problem
    assert found == {}
