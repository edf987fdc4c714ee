"""What must be equal on two machines for their results to be equal to the last bit."""

import subprocess
import sys

import numpy as np
import pytest

from simulator.experiment import software as module
from simulator.experiment.software import arithmetic, software


def test_another_process_of_the_same_machine_has_the_same_software():
    """Neither the digest of the code nor that of the arithmetic hangs on the process."""
    script = "from simulator.experiment.software import software; print(software())"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.strip() == software()
    assert software().endswith(f"arithmetic {arithmetic()}")


@pytest.mark.parametrize("form", sorted(module._SAMPLED))
def test_one_last_bit_of_one_value_is_another_arithmetic(monkeypatch, form):
    """A machine whose exp, log or pow ends differently for one argument in thousands is told apart."""
    same, sampled, forms = arithmetic(), module.samples, iter(module._SAMPLED)

    def off(numbers, row, rows, points):
        values = sampled(numbers, row, rows, points)
        if next(forms) == form:
            values[1234] = np.nextafter(values[1234], np.inf)
        return values

    monkeypatch.setattr(module, "samples", off)
    assert arithmetic() != same
