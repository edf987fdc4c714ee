"""The frame around the screens: title, menu, and which file shows what."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
SCREENS: Final = HERE / "screens"
ICON: Final = HERE / "icon.svg"


def open_workbench() -> None:
    """Show the screen that the address names."""
    # Worker processes import app.py, and with it this module, but need no Streamlit.
    import streamlit as st

    from workbench.parts.failures import told
    from workbench.session import registry

    st.set_page_config(page_title="Caudal", page_icon=str(ICON), layout="wide")
    st.logo(str(ICON), size="large")
    registry()  # its workers get ready while the visitor chooses
    with told():
        # Absolute paths: a relative one is looked for beside app.py. No icons: one here would be fetched from outside.
        screens = [
            st.Page(SCREENS / "compare.py", title="Compare", default=True),
            st.Page(SCREENS / "what_if.py", title="What if", url_path="what-if"),
            st.Page(SCREENS / "studies.py", title="Studies", url_path="studies"),
            st.Page(SCREENS / "scenario.py", title="Scenario", url_path="scenario"),
            st.Page(SCREENS / "your_scenario.py", title="Your scenario", url_path="your-scenario"),
            st.Page(SCREENS / "glossary.py", title="Glossary", url_path="glossary"),
        ]
        # On top, since tables and charts need the width that a bar beside them takes.
        st.navigation(screens, position="top").run()
