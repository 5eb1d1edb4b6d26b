"""Write the documents: `make openapi`."""

import sys

from infra.openapi.functions import files

for path, text in files().items():
    path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{path.parent.name}/{path.name}\n")
