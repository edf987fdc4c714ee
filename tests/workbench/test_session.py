"""What one visitor has: jobs that are found again, choices that are restored, results that stay in sight."""

from types import SimpleNamespace

import pytest
import streamlit as st

from simulator.errors import Cancelled
from workbench import session
from workbench.jobs.registry import Registry
from workbench.jobs.results import Results


@pytest.fixture
def page(monkeypatch):
    """A page of its own: state and address are plain dictionaries."""
    page = SimpleNamespace(session_state={}, query_params={})
    jobs = Registry()
    monkeypatch.setattr(session, "st", page)
    monkeypatch.setattr(session, "registry", lambda: jobs)
    page.jobs = jobs
    return page


@pytest.fixture
def begun(page, request_of, monkeypatch):
    """Starts a job that is over at once, with results or without."""
    monkeypatch.setattr("workbench.jobs.job.with_report", lambda request, results, stop: results)

    def begin(results=True, **plan):
        def work(request, tell, stop):
            if not results:
                raise Cancelled("stopped")
            return Results(base=None)

        job = page.jobs.begin(request_of(**plan), session.current_job(), work)
        job.join(10)
        return job

    return begin


def reload(page):
    """The page is opened anew at the same address."""
    page.session_state = {}


def test_a_new_visitor_has_nothing(page):
    """No job, no uploads, no address that names a job."""
    assert session.current_job() is None
    assert session.results_job(None) is None
    assert not session.forgotten()
    assert session.uploads().names == ()


def test_uploads_stay_for_the_session(page):
    """The same folder each time the screen is drawn, and another one for another visitor."""
    mine = session.uploads()
    assert session.uploads() is mine
    page.session_state = {}
    assert session.uploads() is not mine


def test_what_was_brought_is_offered_first(page, uploads):
    """Uploads stand before what ships."""
    page.session_state["uploads"] = uploads
    assert list(session.offered())[:2] == ["tiny.yaml", "more.yaml"]
    assert "baselines/pt_installation" in session.offered()


def test_a_job_is_remembered_in_the_address(page, begun):
    """The address of the page names the job, so that a reload finds it."""
    job = begun()
    session.remember(job)
    assert page.query_params == {"job": job.id}
    assert session.current_job() is job


def test_a_reload_restores_uploads_and_choices(page, begun, uploads):
    """All that was chosen for the job is chosen again."""
    job = begun(replications=4, seed=9, warm_up=48.0, length=240.0, engine="simpy")
    session.remember(job)
    reload(page)
    assert session.current_job() is job
    assert session.uploads() is uploads
    chosen = {key: value for key, value in page.session_state.items() if key not in {"uploads", "job"}}
    assert chosen == {
        "base": "tiny.yaml", "others": ["more.yaml"], "replications": 4, "seed": 9, "warm_up_days": 2.0,
        "length_days": 10.0, "engine": "simpy",
    }  # fmt: skip


def test_what_was_left_to_the_scenario_stays_left_to_it(page, begun):
    """An empty field for warm-up and length comes back empty, not as a number."""
    session.remember(begun(alone=True))
    reload(page)
    session.current_job()
    assert page.session_state["warm_up_days"] is None
    assert page.session_state["length_days"] is None
    assert page.session_state["others"] == []


def test_a_choice_that_changed_since_is_not_overwritten(page, begun):
    """Only a reload restores; drawing the screen again leaves the choice alone."""
    session.remember(begun(replications=4))
    page.session_state["replications"] = 7
    session.current_job()
    assert page.session_state["replications"] == 7


def test_links_that_drop_the_address_do_not_lose_the_job(page, begun):
    """Another screen writes the job into the address again."""
    job = begun()
    session.remember(job)
    page.query_params.clear()
    assert session.current_job() is job
    assert page.query_params == {"job": job.id}


def test_an_address_of_another_server_is_forgotten(page):
    """An id that nobody knows leads to no job, and that can be told."""
    page.query_params["job"] = "gone"
    assert session.current_job() is None
    assert session.forgotten()


def test_a_job_that_the_registry_has_dropped_is_let_go(page, begun):
    """The state of the session does not cling to an id that leads nowhere."""
    page.session_state["job"] = "dropped"
    assert session.current_job() is None
    assert "job" not in page.session_state


def test_results_stay_while_the_next_job_has_none(page, begun):
    """After a cancelled study the figures of the one before it are shown."""
    first = begun()
    session.remember(first)
    assert session.results_job(session.current_job()) is first
    second = begun(results=False)
    session.remember(second)
    assert second.state == "cancelled"
    assert session.results_job(session.current_job()) is first
    third = begun()
    assert session.results_job(third) is third


def test_a_first_job_without_results_shows_none(page, begun):
    """There is nothing before it."""
    assert session.results_job(begun(results=False)) is None


def test_the_registry_is_one_for_the_server():
    """Every visitor finds jobs in the same place."""
    assert session.registry() is session.registry()
    st.cache_resource.clear()
