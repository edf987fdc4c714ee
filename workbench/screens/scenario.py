"""Scenario: what one scenario says, for reading."""

import streamlit as st

from workbench.parts.failures import told
from workbench.parts.pickers import scenario_picker
from workbench.parts.portrait import channels, process, register, summary, teams


def main() -> None:
    """Show the screen."""
    st.title("Read a scenario")
    with told():
        loaded = scenario_picker("Scenario", "read")
        if loaded is None:
            st.info("There is no scenario to read. Bring one along under 'Your scenario'.")
            return
        summary(loaded)
        tabs = st.tabs(["Process", "Teams", "Channels", "Assumptions"])
        parts = (process, teams, channels, register)
        for tab, part in zip(tabs, parts, strict=True):
            with tab, told():
                part(loaded)


if __name__ == "__main__":
    main()
