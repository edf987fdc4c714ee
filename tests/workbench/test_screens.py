"""Every screen, run without a browser."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from simulator.errors import Cancelled
from simulator.experiment.replications import run_all
from simulator.experiment.trust import trust_card
from simulator.schema.document import read_document
from simulator.schema.shipped import shipped
from workbench import navigation, session
from workbench.jobs.job import Job
from workbench.jobs.registry import Registry
from workbench.jobs.results import Results
from workbench.parts import results as results_part
from workbench.parts import running
from workbench.parts.pickers import MOST_OTHERS
from workbench.shelf import FIRST


def screen(name, uploads=None):
    """A screen with the toy firm brought along, not yet run."""
    app = AppTest.from_file(str(navigation.SCREENS / f"{name}.py"), default_timeout=60)
    if uploads is not None:
        app.session_state["uploads"] = uploads
    return app


def words(app):
    """Everything that a screen says."""
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.info,
        app.warning,
        app.success,
        app.error,
    )
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def charts(app):
    """Charts of a screen."""
    return app.get("vega_lite_chart") + app.get("arrow_vega_lite_chart")


@pytest.fixture
def jobs(monkeypatch):
    """The jobs of this test alone."""
    registry = Registry()
    monkeypatch.setattr(session, "registry", lambda: registry)
    monkeypatch.setattr("workbench.parts.running.registry", lambda: registry)
    return registry


def in_this_process(request, tell, stop):
    """Simulate without worker processes."""
    from simulator.experiment.comparison import compare

    base, *others = run_all([chosen.loaded for chosen in request.scenarios], request.plan, tell)
    return Results(base, tuple(others), compare(base, others) if others else None)


@pytest.fixture
def finished(jobs, monkeypatch):
    """Carries a request out at once."""
    monkeypatch.setattr("workbench.jobs.job.with_report", lambda request, results, stop: results)

    def finish(request):
        job = jobs.begin(request, work=in_this_process)
        job.join(60)
        assert job.state == "done", job.problem
        return job

    return finish


def test_compare_proposes_the_baseline_with_its_what_ifs(jobs):
    """A new user finds something worth running, the best known on top, and is told that nothing has been run."""
    app = screen("compare").run()
    assert not app.exception
    assert app.selectbox(key="base").value == "baselines/pt_installation"
    proposed = app.multiselect(key="others").value
    assert len(proposed) == MOST_OTHERS
    assert proposed[:4] == list(FIRST[1:])
    assert {read_document(shipped()[name], name).data["based_on"] for name in proposed} == {"baselines/pt_installation"}
    assert "No results yet" in words(app)
    assert not app.button(key="run").disabled


def test_compare_shows_what_a_study_found(jobs, finished, request_of, uploads):
    """The trust card comes first, with warnings folded below it; then cards, verdicts, findings and four charts."""
    job = finished(request_of(replications=2, jobs=1))
    app = screen("compare", uploads)
    app.session_state["job"] = job.id
    app.run()
    assert not app.exception
    assert not app.error
    (warnings,) = (each for each in app.expander if each.label.endswith("in full"))
    assert "Only 2 replications" in warnings.markdown[0].value
    assert any("Leads" in metric.label for metric in app.metric)
    card, table = (each.value for each in app.table[:2])
    assert list(card.index) == [line.topic for line in trust_card(job.results.studies)]
    shown = [element.type for element in app.main]
    verdict = next(i for i, each in enumerate(app.main) if "not distinguishable" in str(getattr(each, "value", "")))
    assert shown.index("table") < verdict
    assert card.loc["Precision", "Verdict"] == ":orange[**! caution**]"
    assert list(table.columns) == ["Tiny firm", "Tiny firm with a third seller"]
    verdicts = table.iloc[:, 1]
    assert verdicts.str.contains("better|worse|not distinguishable|neither").all()
    assert len(charts(app)) >= 4
    assert "What the figures say" in words(app)


def test_one_scenario_alone_has_figures_and_no_comparison(jobs, finished, request_of, uploads):
    """Without others there is no table of verdicts, and nothing breaks."""
    job = finished(request_of(replications=2, alone=True, jobs=1))
    app = screen("compare", uploads)
    app.session_state["job"] = job.id
    app.run()
    assert not app.exception
    assert not app.error
    assert app.metric
    assert len(app.table) == 1  # the trust card
    assert charts(app)


def test_results_stay_and_are_marked_when_the_choice_changes(jobs, finished, request_of, uploads):
    """A change of the parameters neither loses the figures nor passes them off as new."""
    job = finished(request_of(replications=2, jobs=None))
    app = screen("compare", uploads)
    app.query_params["job"] = job.id
    app.run()
    assert "earlier choice" not in words(app)
    app.number_input(key="replications").set_value(5).run()
    assert "earlier choice" in words(app)
    assert app.metric


def test_a_reloaded_page_finds_its_job_uploads_and_choices(jobs, request_of):
    """All that a new session knows is the id in the address."""

    def never(request, tell, stop):
        tell(1, request.replications)
        while not stop.wait(0.01):
            pass
        raise Cancelled("stopped")

    job = jobs.begin(request_of(replications=7, seed=3, warm_up=240.0, engine="simpy"), work=never)
    app = screen("compare")
    app.query_params["job"] = job.id
    app.run()
    assert app.selectbox(key="base").value == "tiny.yaml"
    assert app.multiselect(key="others").value == ["more.yaml"]
    assert (app.number_input(key="replications").value, app.number_input(key="seed").value) == (7, 3)
    assert app.number_input(key="warm_up_days").value == 10
    assert app.selectbox(key="engine").value == "simpy"
    assert app.button(key="run").disabled
    app.button(key="cancel").click().run()
    job.join(10)
    app.run()
    assert "Cancelled after 1 of 14 replications" in words(app)
    assert not app.button(key="run").disabled


@pytest.mark.parametrize(("cold", "words"), [(True, "Compiling the engine"), (False, "Starting the worker")])
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_the_progress_line_says_when_the_engine_is_compiled(jobs, request_of, monkeypatch, engine, cold, words):
    """Who waits for the compiler reads why, whichever engine is asked for: both are compared."""
    monkeypatch.setattr("workbench.parts.running.is_cold", lambda: cold)
    job = Job(request_of(engine=engine), in_this_process)
    assert running._words(job).startswith(words)


@pytest.mark.parametrize(("alone", "words"), [(True, "engines are compared."), (False, "report is written.")])
def test_what_follows_the_figures_is_said(jobs, request_of, monkeypatch, alone, words):
    """Once the figures are there a report is written; without one only engines not compared yet are waited for."""
    job = Job(request_of(alone=alone), in_this_process)
    monkeypatch.setattr(job, "_state", "writing")
    assert running._words(job) == f"The figures are ready. The {words}"


def test_an_address_of_a_forgotten_job_is_explained(jobs):
    """After a restart of the server the old address leads to a sentence, not to an empty page."""
    app = screen("compare")
    app.query_params["job"] = "gone"
    app.run()
    assert not app.exception
    assert "no longer kept here" in words(app)


def test_no_traceback_reaches_a_user(jobs, finished, request_of, uploads, monkeypatch):
    """A defect in the middle of a screen is a sentence; its detail is in the log."""

    def broken(*_):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(results_part, "findings", broken)
    job = finished(request_of(replications=2, jobs=1))
    app = screen("compare", uploads)
    app.session_state["job"] = job.id
    app.run()
    assert not app.exception
    assert "Caudal itself failed" in app.error[0].value
    assert "secret" not in words(app)


@pytest.mark.slow
def test_the_run_button_starts_a_study_that_ends_with_results(jobs, uploads):
    """From the click to figures, over real worker processes."""
    app = screen("compare", uploads).run()
    app.selectbox(key="base").set_value("tiny.yaml").run()
    app.multiselect(key="others").set_value([]).run()
    app.number_input(key="replications").set_value(2).run()
    app.button(key="run").click().run()
    job = jobs.all()[-1]
    assert job.id in app.query_params["job"]
    job.join(120)
    time.sleep(0.1)
    app.run()
    assert not app.exception
    assert app.metric


@pytest.mark.parametrize("name", ["baselines/pt_installation", "tiny.yaml"])
def test_scenario_shows_process_people_channels_and_evidence(name, uploads):
    """What ships and what was brought along read alike."""
    app = screen("scenario", uploads).run()
    app.selectbox(key="read").set_value(name).run()
    assert not app.exception
    assert not app.error
    assert app.get("graphviz_chart")
    assert len(app.table) == 2
    assert len(app.dataframe) == 1
    assert {"Value", "Source", "Grade"} <= set(app.dataframe[0].value.columns)


def test_your_scenario_takes_a_file_in_and_says_what_is_wrong_with_another(uploads):
    """A file that can be run is listed as such; of a broken one each problem is told with its line."""
    uploads.add({"broken.yaml": b"caudal: 1\nname: Broken\nbased_on: tiny.yaml\nteams:\n  sales: {head_count: -1}\n"})
    app = screen("your_scenario", uploads).run()
    assert not app.exception
    assert set(app.table[0].value.index) == {"tiny.yaml", "more.yaml", "broken.yaml"}
    assert "broken.yaml\\:5" in app.error[0].value
    app.file_uploader[0].set_value(
        [("next.yaml", b"caudal: 1\nname: Next\nbased_on: tiny.yaml\n", "application/yaml")]
    ).run()
    assert "next.yaml" in app.table[0].value.index
    assert "next.yaml" in uploads.loaded


def test_glossary_explains_every_figure_and_finds_words():
    """All declared KPIs stand there, and a word narrows them down."""
    app = screen("glossary").run()
    assert not app.exception
    everything = sum(len(table.value) for table in app.table)
    app.text_input(key="find").set_value("margin").run()
    assert 0 < sum(len(table.value) for table in app.table) < everything
    app.text_input(key="find").set_value("zebra").run()
    assert "No figure has this word" in words(app)
