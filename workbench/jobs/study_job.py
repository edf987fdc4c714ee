"""A declared study carried out in the background, stage by stage, into a results folder."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulator.engines.warm import is_cold, warm_up
from simulator.experiment.declared.conduct import conduct
from simulator.experiment.declared.declared import Declared
from simulator.experiment.replications import Progress
from workbench.cli.study import outcome_content
from workbench.jobs.background import Background
from workbench.study_files import free_folder
from workbench.study_results import write_results

COMPILING = "compiling the engine, which takes one or two minutes, once for each version"


_WRITING: Final = threading.Lock()


class StudyJob(Background):
    """A study under way or over."""

    def __init__(self, declared: Declared, name: str, keeps: tuple[object, ...] = ()) -> None:
        super().__init__()
        self.declared = declared
        self.name = name
        self.folder: Path | None = None
        """Where the results are, once it is done."""
        self.stage = ""
        """What is being done, such as ``replications``; empty before the first and while the report is written."""
        self._keeps = keeps  # what must live as long as the study: the folder of the files that it reads

    def _work(self) -> None:
        if is_cold():
            self.stage = COMPILING
            warm_up()
        outcome = conduct(self.declared, self._staged, cancelled=self._stop)
        self.stage, self._state = "", "writing"
        command = shlex.join(["caudal", "study", self.declared.path.name])
        figures = outcome_content(outcome)
        with _WRITING:  # two studies of one name end in two folders, and what is there already stays
            folder = free_folder(self.name)
            write_results(folder, outcome, figures, command)
        self.folder = folder
        self.problem = "\n".join(outcome.refused)

    @contextmanager
    def _staged(self, name: str) -> Iterator[Progress]:
        self.stage, self._began, self._done, self._total = name, time.monotonic(), 0, 0
        yield self._tell
