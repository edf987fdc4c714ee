from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parent
TOY = HERE.parent / "toy_funnel.yaml"
LEVERS = HERE.parent / "sensitivity" / "levers.yaml"


@pytest.fixture
def study_file(tmp_path):
    """Writes a study of the levers, with a dearer variant; keywords replace statements, None takes them out."""
    variant = {"caudal": 1, "name": "Dearer", "based_on": str(LEVERS), "policies": {"price": "120 EUR"}}
    (tmp_path / "dearer.yaml").write_text(yaml.safe_dump(variant), encoding="utf-8")
    sound = {
        "caudal": 1, "study": "Two levers", "scenarios": [str(LEVERS), "dearer.yaml"], "kpis": ["revenue_booked"],
        "mode": "terminating", "length": "20 wk", "replications": 6,
    }  # fmt: skip

    def write(**changes):
        content = {key: value for key, value in (sound | changes).items() if value is not None}
        path = tmp_path / "study.yaml"
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return path

    return write
