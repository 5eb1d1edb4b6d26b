"""Whatever is cut of what came in is seen to be cut: every place that shortens is known here."""

import ast
import re
from collections.abc import Iterator

from tests.conventions import tree

# What comes in is parsed and stored here.
FOLDERS = (
    "functions/ingest_webhook", "functions/learning_api", "functions/telegram_webhook", "functions/verify_bookings",
    "shared/clients", "shared/delivery", "shared/getcourse", "shared/payload", "shared/support",
)  # fmt: skip
ROWS = "rows, not text: the others follow"
DIGEST = "a digest"
BEGINNING = "looks at how a text begins"
CUTS = {
    "functions/ingest_webhook/forwarding.py": {"body[:1]": BEGINNING, "fields[0].lstrip()[:1]": BEGINNING},
    "functions/ingest_webhook/getcourse/natural_key.py": {
        "hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]": DIGEST
    },
    "functions/ingest_webhook/getcourse/parse.py": {
        "whole[:length]": "flagged in `sanitized`; whoever shows a status that long adds the ellipsis"
    },
    "functions/ingest_webhook/request.py": {"body.lstrip()[:1]": BEGINNING},
    "functions/ingest_webhook/whatsapp/floods.py": {
        "inbound.message.text[:SHORT]": "an ellipsis and a note follow in the topic; the message is kept whole"
    },
    "functions/ingest_webhook/whatsapp/gateways/evolution.py": {
        "hashlib.sha256(options.encode()).hexdigest()[:16]": DIGEST
    },
    "functions/ingest_webhook/whatsapp/gateways/forms.py": {
        "lines[:_MAX_LINES]": "a line with an ellipsis follows",
        "value.lstrip()[:1]": BEGINNING,
    },
    "functions/ingest_webhook/whatsapp/message.py": {
        "hashlib.sha256(repr(identity).encode()).hexdigest()[:16]": DIGEST
    },
    "functions/ingest_webhook/whatsapp/parse.py": {"hashlib.sha256(came.encode()).hexdigest()[:16]": DIGEST},
    "functions/learning_api/messages.py": {
        "[Message(**row) for row in rows if row.pop('bytes_before') < PAGE_BYTES][:limit]": ROWS
    },
    "functions/telegram_webhook/starts/start.py": {"outbox_ids[:MAX_IDS]": ROWS},
    "functions/telegram_webhook/support/topic_message.py": {"digest[:16]": DIGEST},
    "functions/telegram_webhook/updates/entities.py": {"found[:1]": ROWS},
    "functions/telegram_webhook/updates/parse.py": {
        "text_of(message, 'media_group_id')[:64]": "an id of Telegram's, which has 20 digits"
    },
    "functions/telegram_webhook/updates/rich_message.py": {"lines[:1]": ROWS},
    "functions/verify_bookings/lookup.py": {"self._claimed[:MIN_BATCH]": ROWS},
    "shared/clients/llm/completion.py": {
        "ThoughtFilter().add(said).strip()[:MAX_TEXT]": "a model's answer: no person's"
    },
    "shared/clients/llm/stream.py": {
        "(self._space + clean)[:MAX_TEXT]": "white space of a model's",
        "more[:self._room]": "a model's answer: no person's",
    },
    "shared/delivery/alerts.py": {"cause[:3]": ROWS, "sorted(set(ids))[:MAX_NAMES]": ROWS},
    "shared/getcourse/notifications.py": {
        "self.former_hash[:HASH_DIGITS]": DIGEST,
        "self.neighborhood[:MAX_HASH - HASH_DIGITS - 1]": "a digest of the whole follows",
    },
    "shared/support/tokens.py": {
        "text[:left]": "is compared, and kept whole",
        "' '.join(words)[:limit]": "is compared, and kept whole",
    },
    "shared/payload/values.py": {"whole[:length - 1]": "an ellipsis follows"},
}
SQL_CUTS = {
    "shared/delivery/enqueue.sql": "topic names have their ellipsis before: shared/support/topics.py",
    "shared/support/cards.sql": "shared/support/cards.py quotes less of it, with an ellipsis",
}


def test_every_place_that_shortens_what_came_in_is_known() -> None:
    found = {
        tree.relative(path): cuts
        for folder in FOLDERS
        for path in tree.files(folder, "*.py")
        if (cuts := set(_slices_from_the_start(tree.parse(path))))
    }

    assert found == {path: set(cuts) for path, cuts in CUTS.items()}


def test_every_statement_that_shortens_is_known() -> None:
    found = {found.path for found in tree.statements(*FOLDERS) if re.search(r"\b(left|rpad|substring)\(", found.text)}

    assert found == set(SQL_CUTS)


def _slices_from_the_start(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            start, end = node.slice.lower, node.slice.upper
            if start is None and end is not None and not isinstance(end, ast.UnaryOp):
                yield ast.unparse(node)
