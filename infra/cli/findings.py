"""A report of thousands of lines in short: what is wrong first, what is alike together, what is well by areas."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from infra.admin.doctor.finding import Finding

MAX_ALIKE = 10  # lines that say the same of different subjects
ALL = "see each: carillon doctor --all"


def summarize(findings: Sequence[Finding], max_alike: int = MAX_ALIKE) -> list[Finding]:
    """Problems, then warnings, of which at most `max_alike` are alike; then what is well.

    An area in which more than that are well has one line for all of them.
    """
    wrong = [finding for status in ("problem", "warning") for finding in findings if finding.status == status]
    return [*_shortened(wrong, max_alike), *_well(findings, max_alike)]


def _shortened(wrong: Sequence[Finding], max_alike: int) -> Iterator[Finding]:
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in wrong:
        kinds.setdefault(_kind(finding), []).append(finding)
    for alike in kinds.values():
        yield from alike[:max_alike]
        if (more := len(alike) - max_alike) > 0:
            yield Finding(alike[0].status, alike[0].area, f"… and {more} more like that", ALL)


def _kind(finding: Finding) -> tuple[str, str, str]:
    """Alike is what has the same next step, but for names and numbers."""
    text = finding.next_step or finding.message
    if finding.subject:
        text = text.replace(finding.subject, "…").replace(finding.subject.rpartition("/")[2], "…")
    return finding.status, finding.area, re.sub(r"[-\w]*\d[-\w]*", "…", text)


def _well(findings: Sequence[Finding], max_alike: int) -> Iterator[Finding]:
    subjects, ill = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for finding in findings:
        if finding.subject:
            subjects[finding.area].add(finding.subject)
            if finding.status != "ok":
                ill[finding.area].add(finding.subject)
    counted = set[str]()
    for finding in findings:
        area, total = finding.area, len(subjects[finding.area])
        if finding.status != "ok":
            continue
        if not finding.subject or total <= max_alike:
            yield finding
        elif area not in counted:
            counted.add(area)
            well = total - len(ill[area])
            yield Finding(
                "ok", area, f"all {total} are in order" if well == total else f"{well} of {total} are in order"
            )
