"""A message as tokens that rules compare: no case, no punctuation, no emoji, one spelling of a letter."""

import re
import unicodedata

# People type ё and the letters of Kazakh, or the Russian ones next to them.
CASEFOLDED = str.maketrans("ёқғәөұүіңһ", "екгаоууинх")


def tokenize(text: str) -> list[str]:
    """The runs of letters and digits, case-folded."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower().translate(CASEFOLDED))
