"""What parameters of the salon owner's pages mean: the owner of the second salon, who signs in every day."""

SIGNED_IN = "sha256(('session' || %(rows)s - 19)::bytea)"
CLAIMS = """'{"app_metadata": {"app_role": "admin", "tenant_id": "' || md5('tenant2')::uuid || '"}}'"""

SIGN_IN = {
    "account::text": "'owner2@salon.invalid'",
    "action::text": "'login'",
    "but::bytea": SIGNED_IN,
    "claims::text": CLAIMS,
    "days::int": "7",
    "description::text": "'signed in'",
    "email::text": "'owner2@salon.invalid'",
    "forgotten_after::int": "900",
    "free_tries::int": "5",
    "hash::text": "'$argon2id$new'",
    "hours::int": "1",
    "id::bigint": "2",
    "id_hash::bytea": SIGNED_IN,
    "idle_hours::int": "12",
    "ip_address::text": "'192.0.2.1'",
    "key::text": "'0123456789abcdef'",
    "key_hash::bytea": "sha256(('attempt' || %(rows)s - 19)::bytea)",
    "max_pause::int": "900",
    "metadata::jsonb": "'{}'",
    "minutes::int": "15",
    "pause::int": "15",
    "tenant_id::uuid": "md5('tenant2')",
    "token::text": "repeat('0', 64)",
    "token_hash::bytea": "sha256(('link' || %(rows)s - 19)::bytea)",
    "user_agent::text": "'Mozilla/5.0'",
    "user_id::bigint": "2",
    "way::text": "'link'",
}
PAGES = {
    "functions/salon_pages/session/": SIGN_IN,
    "functions/salon_pages/session/sessions.sql:begin": {"id_hash::bytea": "sha256('new')"},
    "functions/salon_pages/viewer.sql": SIGN_IN,
    "functions/salon_pages/pages/manage/people.sql": {"role::text": "'admin'", "id::bigint": "2"},
    "functions/salon_pages/reports/manage/": {"before::bigint": "null", "slug::text": "md5('tenant2')::uuid::text"},
    "functions/telegram_webhook/salon/dashboard.sql": {
        "token_hash::bytea": SIGN_IN["token_hash::bytea"],
        "bot_id::bigint": "2",
        "chat_id::bigint": "700002",
    },
    "infra/admin/salon/users.sql": {"role::text": "'admin'", "id::bigint": "2", "name::text": "'Anna'"},
    "shared/salon/sign_in_links.sql": {**SIGN_IN, "token_hash::bytea": "sha256('new')"},
}
