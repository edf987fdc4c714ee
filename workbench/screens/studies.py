"""Studies: what declared studies found, from the folders that `caudal study` wrote."""

import streamlit as st

from workbench.parts.failures import told
from workbench.parts.study import folder_picker, study
from workbench.study_results import read_results


def main() -> None:
    """Show the screen."""
    st.title("Studies")
    with told():
        folder = folder_picker()
        if folder is not None:
            study(read_results(folder), folder)


if __name__ == "__main__":
    main()
