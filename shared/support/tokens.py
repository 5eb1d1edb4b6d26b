"""A message as tokens that rules compare: no case, no punctuation, no emoji, one spelling of a letter."""

import re
import unicodedata
from collections.abc import Iterable

# Characters of several texts that are compared, before they are folded and after: one «ﷺ» becomes 18.
MAX_TEXT = 20_000
# Words are folded one by one: to put the accents of one in order takes time that grows with the square of their number.
_WORD = re.compile(r"\S{1,100}")
_TOKEN = re.compile(r"[^\W_]+")
# People type ё and the letters of Kazakh, or the Russian ones next to them.
CASEFOLDED = str.maketrans("ёқғәөұүіңһ", "екгаоууинх")


def tokenize(text: str) -> list[str]:
    """The runs of letters and digits, case-folded."""
    return _TOKEN.findall(_fold(text))


def tokenize_all(texts: Iterable[str]) -> list[list[str]]:
    """The same of several texts, all of them together bounded by MAX_TEXT."""
    left, tokenized = MAX_TEXT, []
    for text in texts:
        cut = text[:left]
        folded = _fold(cut, left)
        left -= max(len(cut), len(folded))
        tokenized.append(_TOKEN.findall(folded))
    return tokenized


def _fold(text: str, limit: int | None = None) -> str:
    words: list[str] = []
    length = 0
    for word in _WORD.findall(text):
        words.append(unicodedata.normalize("NFKC", word))
        length += len(words[-1]) + 1
        if limit is not None and length > limit:
            break
    return " ".join(words)[:limit].lower().translate(CASEFOLDED)
