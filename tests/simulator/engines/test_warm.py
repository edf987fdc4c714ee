"""Compiled code that is ready before anyone waits for it."""

import subprocess
import sys

SCRIPT = """
from importlib import import_module
from pathlib import Path
from simulator import kpis
from simulator.chance.compiled import Late
from simulator.engines import warm
from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.measures import measure
from simulator.schema.loading import load_scenario

files = sorted(Path(kpis.__file__).parent.glob("*_scans.py"))
modules = [import_module(f"simulator.kpis.{file.stem}") for file in files]
written = sum(file.read_text(encoding="utf-8").count("\\ndef scan_") for file in files)

def variants():
    found = [of for module in modules for of in vars(module).values() if isinstance(of, Late)]
    return {of.py_func.__name__: len(of.made.signatures) for of in found if of.py_func.__name__.startswith("scan_")}

warm.run_small()
after_one = variants()
program = compiled(load_scenario("baselines/pt_installation"), Plan(warm_up=0.0, length=336.0))
for engine in ("compiled", "simpy"):
    measure(program, engine_of(engine)(program, 0, 0))
print(set(after_one.values()), len(after_one) == written > 10, variants() == after_one)
"""


def test_kpis_of_whatever_engine_compile_nothing_once_a_small_scenario_ran():
    """Each of the passes over records has the one variant that real runs need, whichever engine wrote them."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["{1}", "True", "True"], done.stderr


RARE = """
from simulator.chance.keyed import derived_key, uniforms
from simulator.chance.sampling import draw, samples
from simulator.engines import warm
warm.run_small()
warm.run_small("simpy")
from simulator.engines.compiled_engine.overtaking import overtaken
print(*(function._made is not None for function in (derived_key, uniforms, draw, samples, overtaken)))
"""


def test_what_few_scenarios_call_is_compiled_too():
    """Nobody waits without a word at the first channel that draws intervals, or law that is cut, or wait overtaken."""
    done = subprocess.run([sys.executable, "-c", RARE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 5
