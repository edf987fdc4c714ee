"""Text of users and of the library, made safe to stand in Markdown."""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(r"([\\`*_{}\[\]()#+!|~$<>:&-])")
_NUMBERED: Final = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


def literal(text: str) -> str:
    """The text as it is, whatever Markdown would make of it: 'cost in $' is no formula, '[x](y)' no link."""
    return _NUMBERED.sub(r"\1\\.", _MARKS.sub(r"\\\1", text))


def bullets(sentences: list[str] | tuple[str, ...]) -> str:
    """Sentences as a list, a single one as a paragraph."""
    if len(sentences) == 1:
        return literal(sentences[0])
    return "\n".join(f"- {literal(sentence)}" for sentence in sentences)
