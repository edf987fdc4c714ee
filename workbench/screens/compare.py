"""Compare: choose scenarios, run them, and see what each change is worth."""

import streamlit as st

from workbench.parts.failures import told
from workbench.parts.pickers import study_picker
from workbench.parts.results import show_results
from workbench.parts.running import how_it_stands, run_button
from workbench.session import current_job, results_job


def main() -> None:
    """Show the screen."""
    st.title("Compare scenarios")
    with told():
        job = current_job()
        request = None
        with told():
            request = study_picker()
        if request is not None:
            run_button(request, job)
        how_it_stands(job)
        shown = results_job(job)
        if shown is not None:
            show_results(shown, request)
        elif job is None or not job.active:
            st.info("No results yet. Choose scenarios and run them: figures, charts and the report appear here.")


if __name__ == "__main__":
    main()
