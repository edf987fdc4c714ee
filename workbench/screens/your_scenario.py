"""Your scenario: bring a file along, have it checked, and get one to start from."""

import streamlit as st

from workbench.parts.exchange import starting_point, uploader, your_files
from workbench.parts.failures import told

INTRODUCTION = (
    "A scenario is one text file (YAML). Take one that comes with Caudal, change what is different at your company, "
    "and bring it back: it is checked from end to end and can then be picked on the other screens. Your files stay on "
    "this server only as long as your session."
)


def main() -> None:
    """Show the screen."""
    st.title("Your scenario")
    st.write(INTRODUCTION)
    left, right = st.columns(2, gap="large")
    with left, told():
        st.subheader("1. Take a starting point")
        starting_point()
    with right, told():
        st.subheader("2. Bring your file")
        uploader()
    with told():
        your_files()


if __name__ == "__main__":
    main()
