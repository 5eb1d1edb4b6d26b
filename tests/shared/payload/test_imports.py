"""What reading a payload costs a cold start."""

import subprocess
import sys


def test_readers_import_no_pydantic() -> None:
    program = (
        "import sys; import shared.payload.values, shared.payload.timestamps, shared.payload.postgres_text;"
        "print('pydantic' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "False"
