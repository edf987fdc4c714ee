"""Sliders over what can be moved in a scenario, and the changes that were made by them so far."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from workbench.parts.levers import GROUPS, OTHER, PEOPLE, Lever
from workbench.parts.prose import literal

HEIGHT: Final = 640
"""Pixels of the list of sliders, which scrolls beside the figures."""
FIT: Final = 6
"""Sliders that fit into it."""
_HISTORY: Final = "changes of what if"
_TURN: Final = "round of sliders"


def changes_of(digest: str) -> dict[str, str]:
    """Dotted paths of what was changed in the scenario of a digest, with their values as a file states them."""
    return _history(digest)[-1]


def sliders(digest: str, offered: list[Lever]) -> None:
    """The sliders of one group, chosen above them."""
    present = {lever.group for lever in offered}
    groups = [group for group in (PEOPLE, *GROUPS.values(), OTHER) if group in present]
    chosen = st.selectbox("What to change", groups, key=f"group-{digest}", persist_state="session")
    shown = [lever for lever in offered if lever.group == chosen]
    with st.container(height=HEIGHT if len(shown) > FIT else "content", border=True):
        for lever in shown:
            _slider(digest, lever)


def changed_so_far(digest: str, offered: list[Lever]) -> None:
    """What was changed, in words, with the ways back."""
    changes = changes_of(digest)
    known = {lever.path: lever for lever in offered}
    for path, value in changes.items():
        lever = known[path]
        text = "{label}: {value} instead of {before}"
        words = text.format(label=lever.label, value=value, before=lever.written(lever.value))
        st.markdown(f"- {literal(words)}")
    if not changes:
        st.caption("Nothing is changed yet. Move a slider; its ends are those of the evidence.")
    with st.container(horizontal=True):
        st.button("Undo", on_click=_undo, args=(digest,), disabled=len(_history(digest)) == 1, key="undo")
        st.button("Reset", on_click=_reset, args=(digest,), disabled=not changes, key="reset")


def _slider(digest: str, lever: Lever) -> None:
    stated = changes_of(digest).get(lever.path)
    value = lever.value if stated is None else float(stated.removesuffix(lever.unit))
    kind: Any = int if lever.whole else float
    low, high, step, now = (kind(each) for each in (lever.low, lever.high, lever.step, value))
    unit = f" {lever.unit}".replace("%", "%%") if lever.unit else ""
    key = f"lever-{digest}-{st.session_state.get(_TURN, 0)}-{lever.path}"
    st.slider(
        literal(lever.label), low, high, now, step, f"%{'d' if lever.whole else 'g'}{unit}", key=key,
        help=literal(lever.help) or None, on_change=_moved, args=(digest, lever, key),
    )  # fmt: skip


def _moved(digest: str, lever: Lever, key: str) -> None:
    changes = {path: value for path, value in changes_of(digest).items() if path != lever.path}
    value = st.session_state[key]
    if value != lever.value:
        changes[lever.path] = lever.written(value)
    _history(digest).append(changes)


def _undo(digest: str) -> None:
    _history(digest).pop()
    _turn()


def _reset(digest: str) -> None:
    _history(digest).append({})
    _turn()


def _turn() -> None:
    """Give the sliders new keys, so that they take their values from the changes again."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _history(digest: str) -> list[dict[str, str]]:
    """The changes after each move, the present ones last; the first are none."""
    histories: dict[str, list[dict[str, str]]] = st.session_state.setdefault(_HISTORY, {})
    return histories.setdefault(digest, [{}])
