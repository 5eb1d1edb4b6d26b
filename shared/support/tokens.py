"""A message as the words that rules compare: no case, no punctuation, no emoji, one spelling of a letter."""

import re
import unicodedata

# People type ё and the letters of Kazakh, or the Russian ones next to them.
CASEFOLDED = str.maketrans("ёқғәөұүіңһ", "екгаоууинх")


def tokenize(text: str) -> list[str]:
    """Runs of letters and digits, folded."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower().translate(CASEFOLDED))
