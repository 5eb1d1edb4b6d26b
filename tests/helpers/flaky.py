"""A second look at the few tests that failed beside all others: do their files fail alone, too?

`python -m tests.helpers.flaky` after a run of pytest. Why, and what it may hide: docs/decisions/0021-*.md.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(".pytest_cache/v/cache/lastfailed")
MAX_TESTS = 3
TIMES = 5
# They measure what happens when processes die; nothing is beside them, and a single failure is a finding.
NEVER_AGAIN = "tests/chaos/"


def main(options: Sequence[str] = ()) -> int:
    """Run the files of the failed tests again; 0 if every run passes. `options` go to pytest."""
    tests = json.loads(CACHE.read_text()) if CACHE.exists() else {}
    if reason := _no_second_look(tests):
        sys.stdout.write(f"No second look: {reason}.\n")
        return 1
    files = sorted({test.partition("::")[0] for test in tests})
    for time in range(1, TIMES + 1):
        sys.stdout.write(f"Second look {time} of {TIMES}: {' '.join(files)}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *files]
        if code := subprocess.run(command, check=False).returncode:
            return code
    for test in tests:
        sys.stdout.write(
            f"FLAKY {test} failed once and passed {TIMES} times alone. Mend what its first failure shows.\n"
        )
    return 0


def _no_second_look(tests: dict[str, bool]) -> str | None:
    if not tests:
        return "no failed test was recorded, so something else went wrong"
    if len(tests) > MAX_TESTS:
        return f"{len(tests)} tests failed, which is no chance any more"
    if any("::" not in test for test in tests):
        return "a file could not be collected"
    if any(test.startswith(NEVER_AGAIN) for test in tests):
        return f"what fails in {NEVER_AGAIN} is looked into"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
