"""The door: `streamlit run app.py` opens the workbench."""

from workbench.navigation import open_workbench


def main() -> None:
    """Open the workbench."""
    open_workbench()


# Worker processes import this file again under another name: without the guard each would open a workbench of its own.
if __name__ == "__main__":
    main()
