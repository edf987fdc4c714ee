"""Studies: ask for one, see how far it is, and read what it found; `caudal study` writes the same folders."""

import streamlit as st

from workbench.parts.failures import told
from workbench.parts.new_study import new_study
from workbench.parts.running import how_the_study_stands
from workbench.parts.study import folder_picker, study
from workbench.session import current_study
from workbench.study_results import read_results, results_folders


def main() -> None:
    """Show the screen."""
    st.title("Studies")
    with told():
        job = current_study()
        busy = job is not None and job.active
        form = st.expander("A new study", expanded=not busy and not results_folders())
        how_the_study_stands(job)
        folder = folder_picker(job)
        if folder is not None:
            with told():
                study(read_results(folder), folder)
        with form, told():  # last, since it reads scenarios: what is there already need not wait for that
            new_study(busy=busy)


if __name__ == "__main__":
    main()
