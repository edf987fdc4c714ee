"""What if: move what matters, and see within a second what it does."""

import streamlit as st

from workbench.parts.estimates import estimates
from workbench.parts.failures import told
from workbench.parts.keep import keep
from workbench.parts.levers import levers
from workbench.parts.pickers import scenario_picker
from workbench.parts.sliders import changed_so_far, changes_of, sliders

PICKED = "what_if_of"


def main() -> None:
    """Show the screen."""
    st.title("What if")
    with told():
        loaded = scenario_picker("Scenario", PICKED)
        if loaded is None:
            st.info("There is no scenario to change. Bring one along under 'Your scenario'.")
            return
        offered = levers(loaded)
        left, right = st.columns([2, 5], gap="medium")
        with left, told():
            if offered:
                sliders(loaded.digest, offered)
            else:
                st.info("This scenario has neither a team nor a number whose evidence states a range: nothing to move.")
        with right, told():
            changed_so_far(loaded.digest, offered)
            keep(st.session_state[PICKED], loaded, offered)
            estimates(loaded, changes_of(loaded.digest))


if __name__ == "__main__":
    main()
