"""Errors as sentences: the one place where a screen turns them into words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from simulator.errors import CaudalError, Problem, ScenarioError
from workbench.jobs.background import DEFECT
from workbench.parts.prose import bullets, literal

log = logging.getLogger(__name__)


@contextmanager
def told() -> Iterator[None]:
    """Show what goes wrong inside as sentences; a traceback is for the log of the server only."""
    try:
        yield
    except ScenarioError as error:
        show_problems(error.problems)
    except CaudalError as error:
        st.error(bullets(str(error).splitlines()))
    except Exception:  # the last line of defence, so that no traceback reaches a user
        log.exception("a screen failed")
        st.error(DEFECT)


def show_problems(problems: tuple[Problem, ...]) -> None:
    """Everything wrong with a scenario file, each with its line."""
    st.error(bullets([str(problem) for problem in problems]))
    if len(problems) > 1:
        st.caption(literal("All problems of the file are listed at once; the number after the file name is the line."))
