import colorsys
import itertools
import json

import pytest

from reports import charts
from reports.charts.theme import BASE, CAUSE_COLOURS, FAINT, INK, OTHERS, VERDICT_COLOURS, WIDTH
from simulator.experiment.comparison import compare
from tests.reports.reading import HOSTILE, plain, shapes, written


def luminance(colour):
    """Relative luminance of a colour, as the Web Content Accessibility Guidelines 2.2 define it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def on_white(colour):
    """Contrast of a colour with a white page."""
    return 1.05 / (luminance(colour) + 0.05)


@pytest.fixture(scope="module")
def all_of_six(base, five):
    """Every picture of a report on six scenarios."""
    return charts.pictures(base, five, compare(base, five))


@pytest.mark.parametrize("colour", [INK, FAINT])
def test_words_can_be_read_on_white(colour):
    """Text has a contrast of at least 4.5 to 1 (WCAG 2.2, criterion 1.4.3)."""
    assert on_white(colour) >= 4.5


@pytest.mark.parametrize("verdict", list(VERDICT_COLOURS))
def test_marks_of_verdicts_stand_out_from_white(verdict):
    """Marks have a contrast of at least 3 to 1 (WCAG 2.2, criterion 1.4.11)."""
    assert on_white(VERDICT_COLOURS[verdict]) >= 3


@pytest.mark.parametrize("palette", [OTHERS, tuple(CAUSE_COLOURS.values())], ids=["scenarios", "causes"])
def test_no_two_colours_of_a_palette_are_close(palette):
    """Each pair differs clearly in red, green and blue, and no hue is the grey of the base."""
    for one, two in itertools.combinations([*palette, *([BASE] if palette is OTHERS else [])], 2):
        assert sum(abs(int(one[i : i + 2], 16) - int(two[i : i + 2], 16)) for i in (1, 3, 5)) > 60, (one, two)
    red, green, blue = (int(BASE[i : i + 2], 16) / 255 for i in (1, 3, 5))
    assert colorsys.rgb_to_hsv(red, green, blue)[1] < 0.2


def test_the_pictures_of_a_comparison_come_in_the_order_of_a_report(all_of_six):
    """What changes comes first, then the spread of the margin, then the state of the base."""
    assert [picture.name for picture in all_of_six] == [
        *(f"differences-{i}" for i in range(1, 6)), "strip", "funnel", "waiting", "waiting-causes", "utilisation",
        "queues", "queue", "cash", "gain",
    ]  # fmt: skip


def test_a_base_alone_has_the_pictures_that_need_no_other(base):
    """Nothing is compared where there is one scenario."""
    assert [picture.name for picture in charts.pictures(base)] == [
        "strip", "funnel", "waiting", "waiting-causes", "utilisation", "queues", "cash",
    ]  # fmt: skip


def test_every_title_stands_on_its_drawing_and_every_drawing_is_as_wide(all_of_six):
    """Title and subtitle are words of the drawing; charts of a page line up."""
    for picture in (each for each in all_of_six if each.name in {"differences-2", "strip", "waiting-causes", "gain"}):
        svg = picture.svg()
        assert plain(picture.title) in " ".join(written(svg)), picture.name
        assert f'width="{WIDTH}"' in svg[:200], picture.name
        assert shapes(svg, "rect") + shapes(svg, "line") + shapes(svg, "symbol") > 0


def test_no_two_pictures_have_the_same_words(all_of_six):
    """Titles and texts tell the pictures of a page apart."""
    assert len({picture.alt for picture in all_of_six}) == len(all_of_six)
    assert all(picture.alt.endswith(".") and picture.missing == "" for picture in all_of_six)


def test_charts_are_plain_json(all_of_six):
    """No chart holds a NaN, which is not JSON and would leave a page empty."""
    for picture in all_of_six:
        json.dumps(picture.chart.to_dict(), allow_nan=False)


def test_equal_charts_give_equal_drawings(base, five):
    """Drawing something else in between changes nothing."""
    first = charts.funnel(base).svg()
    charts.utilisation(base, five).svg()
    assert charts.funnel(base).svg() == first


def test_hostile_names_are_letters_in_every_drawing(study):
    """Names of scenarios, teams and stages that look like tags are drawn as they were typed."""
    named = {
        "teams": {"sdr": HOSTILE, "reps": "<b>R</b>", "fitters": "&amp;"},
        "stages": {"lead": HOSTILE, "order": "O"},
    }
    base, other = study(HOSTILE, **named), study("</svg><script>", margin=1e6, cash_collected=3e6, **named)
    shown = charts.pictures(base, [other], compare(base, [other]))
    for picture in (each for each in shown if each.name in {"differences-1", "strip", "funnel", "waiting", "queues"}):
        svg = picture.svg()
        assert svg.count("<svg") == svg.count("</svg>") == 1, picture.name
        for tag in ("<script", "<img", "<b>"):
            assert tag not in svg, picture.name


def test_a_team_called_as_an_entity_is_drawn_as_it_is_typed(study):
    """Escapes of escapes are kept apart: the letters &amp; are shown as those five."""
    svg = charts.utilisation(study(teams={"sdr": "&amp;", "reps": "R", "fitters": "F"})).svg()
    assert "&amp;amp;" in svg
