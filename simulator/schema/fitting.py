"""What a file that suits several scenarios changes in one of them: what is there, at prices in its currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from simulator.schema.document import Document
from simulator.schema.shape import KIND
from simulator.schema.shipped import LIBRARY

SUITS: Final = "suits"
"""Key under which a file names the scenarios over which it may be laid."""
_WORDS: Final = frozenset({"name", "description", "label", "note", "title", "source", SUITS})
"""Keys whose text is for people, in which no amount is converted."""
_AMOUNT: Final = r"(?<![\w.])(\d[\d \u00a0\u202f]*(?:\.\d+)?)[ \u00a0\u202f]*{0}\b"


def fitted(lower: Mapping[str, Any], document: Document) -> Document:
    """A document that says what it suits, as it is laid over what stands below.

    Left out are changes of processes, steps, outcomes and channels that are not there, new steps behind a step that is
    not there, and new processes that nothing begins. Amounts in a currency of which ``horizon.exchange`` states the
    rate are converted. What is malformed stays as it is, to be reported.
    """
    data = dict(document.data)
    channels, processes = _block(lower, "channels"), _block(lower, "processes")
    if isinstance(data.get("channels"), Mapping):
        data["channels"] = {
            name: channel for name, channel in data["channels"].items() if name in channels or _has(channel, "process")
        }
    if isinstance(data.get("processes"), Mapping):
        fitting = {name: _process(_block(processes, name), process) for name, process in data["processes"].items()}
        data["processes"] = _begun(fitting, processes, _block(data, "channels"))
    for currency, amount, rate in _rates(lower):
        data = _converted(data, re.compile(_AMOUNT.format(currency)), amount, rate)
    return replace(document, data=data)


def changes_nothing(document: Document, as_laid: Document) -> bool:
    """Whether a document changes processes, of which none is there, and stands on no other file that may suit."""
    others = [part for part in document.data.get("parts") or () if not str(part).startswith(LIBRARY)]
    return bool(_block(document.data, "processes")) and not _block(as_laid.data, "processes") and not others


def _block(data: object, key: str) -> Mapping[str, Any]:
    """What stands under a key, an empty block where nothing or something else does."""
    block = data.get(key) if isinstance(data, Mapping) else None
    return block if isinstance(block, Mapping) else {}


def _has(block: object, key: str) -> bool:
    return not isinstance(block, Mapping) or key in block


def _process(lower: Mapping[str, Any], process: Any) -> Any:
    """A process with those of its steps that have a place in the one below."""
    if not isinstance(process, Mapping) or not isinstance(process.get("steps"), Mapping):
        return process
    known, steps, follows = _block(lower, "steps"), {}, True
    for name, step in process["steps"].items():
        new = isinstance(step, Mapping) and KIND in step and name not in known
        after = step.get("after") if new else None
        follows = (after in known or after in steps) if after else follows if new else name in known
        if follows:
            steps[name] = step if new else _step(known[name], step)
    return {**process, "steps": steps}


def _step(lower: Any, step: Any) -> Any:
    """A change of a step with those of its outcomes that are there, or that say where they lead."""
    if not isinstance(step, Mapping) or not isinstance(step.get("outcomes"), Mapping):
        return step
    known = _block(lower, "outcomes")
    kept = {
        name: way for name, way in step["outcomes"].items() if name in known or (way is not None and _has(way, "to"))
    }
    return {**step, "outcomes": kept}


def _begun(fitting: dict[str, Any], lower: Mapping[str, Any], channels: Mapping[str, Any]) -> dict[str, Any]:
    """The processes of which something is left, without new ones that neither a channel nor a step begins."""
    left = {name: each for name, each in fitting.items() if not isinstance(each, Mapping) or _block(each, "steps")}
    begun = {name for name in left if name in lower}
    begun |= {
        str(channel["process"])
        for channel in channels.values()
        if isinstance(channel, Mapping) and "process" in channel
    }
    while more := {to for name in begun & left.keys() for to in _begins(left[name])} & left.keys() - begun:
        begun |= more
    return {name: each for name, each in left.items() if name in begun or not isinstance(each, Mapping)}


def _begins(process: Any) -> Iterator[str]:
    """Names of the processes that its steps begin."""
    steps = _block(process, "steps").values()
    return (str(step["process"]) for step in steps if isinstance(step, Mapping) and "process" in step)


def _rates(lower: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Currencies that are converted, into which, and at how many units for one."""
    horizon = _block(lower, "horizon")
    for currency, stated in _block(horizon, "exchange").items():
        rate = stated.get("value") if isinstance(stated, Mapping) else stated
        if isinstance(rate, int | float) and isinstance(horizon.get("currency"), str) and currency.isalpha():
            yield currency.upper(), horizon["currency"], float(rate)


def _converted(value: Any, amount: re.Pattern[str], currency: str, rate: float) -> Any:
    """A value with every amount in it converted."""
    if isinstance(value, Mapping):
        return {key: each if key in _WORDS else _converted(each, amount, currency, rate) for key, each in value.items()}
    if isinstance(value, list):
        return [_converted(each, amount, currency, rate) for each in value]
    if not isinstance(value, str):
        return value
    return amount.sub(lambda found: f"{float(re.sub(r'[^0-9.]', '', found[1])) * rate:.12g} {currency}", value)
