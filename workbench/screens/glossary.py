"""Glossary: what every figure means."""

import streamlit as st

from workbench.parts.definitions import causes, definitions
from workbench.parts.failures import told

DEFINED = "The window is the measured time; a journey is a lead with all the cases that came from it."


def main() -> None:
    """Show the screen."""
    st.title("Glossary")
    st.write("Every figure on screens and in reports, with the sentence by which it is computed.")
    st.caption(DEFINED)
    with told():
        wanted = st.text_input("Find", placeholder="a word, such as waiting or margin", key="find")
        definitions(wanted)
        causes()


if __name__ == "__main__":
    main()
