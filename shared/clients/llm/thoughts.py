"""What a model thought before it answered, which some servers leave in its text: `<think>…</think>` in front."""

_OPEN, _CLOSE = "<think>", "</think>"


class ThoughtFilter:
    """Leaves thoughts out of a text that comes in pieces. One that never ends leaves nothing, whatever stands in it.

    The end is the first mark: what a model quotes while it thinks may hold another, and only makes the text longer.
    """

    def __init__(self) -> None:
        self._held = ""  # may become a mark, or is inside of one
        self._has_begun = False  # the answer

    def add(self, text: str) -> str:
        """What belongs to the answer, without white space before it."""
        if self._has_begun:
            return text
        held = (self._held + text).lstrip()
        while held.startswith(_OPEN):
            _, end, rest = held.partition(_CLOSE)
            if not end:
                self._held = _OPEN + held[len(_OPEN) :][1 - len(_CLOSE) :]
                return ""
            held = rest.lstrip()
        self._has_begun = not _OPEN.startswith(held)
        self._held = "" if self._has_begun else held
        return held if self._has_begun else ""
