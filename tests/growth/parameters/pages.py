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
    "hashes::bytea[]": "array[sha256(('session' || %(rows)s - 19)::bytea), sha256(('link' || %(rows)s - 19)::bytea)]",
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
    "resets::text[]": "array[repeat('0', 64)]",
    "telegram_id::bigint": "700002",
    "tenant_id::uuid": "md5('tenant2')",
    "token::text": "repeat('0', 64)",
    "token_hash::bytea": "sha256(('link' || %(rows)s - 19)::bytea)",
    "user_agent::text": "'Mozilla/5.0'",
    "user_id::bigint": "2",
    "way::text": "'link'",
}
_DAYS = "array(select date_trunc('day', now()) - make_interval(days => n) from generate_series({}, {}, -1) n)"
_NUMBERS = {  # of a week; the figures are asked about two
    "begins::timestamptz[]": _DAYS.format(7, 1),
    "channel::text": "'telegram'",
    "days::date[]": "array(select current_date - n from generate_series(7, 1, -1) n)",
    "ending::text": "null",
    "ends::timestamptz[]": _DAYS.format(6, 0),
    "first::date": "current_date - 14",
    "id::bigint": "(select max(id) from public.conversation_sessions_v2 where tenant_id = md5('tenant2')::uuid)",
    "is_booked::boolean": "null",
    "last::date": "current_date - 1",
    "limit::int": "100",
    "offset::int": "0",
    "service::text": "null",
    "since::date": "current_date - 330",
    "since::timestamptz": "now() - interval '7 days'",
    "slow::boolean": "true",
    "step::text": "null",
    "user::bigint": "2",
    "verdict::text": "null",
    "wish::bigint": "1",
}
PAGES = {
    "functions/salon_pages/reports/": _NUMBERS,
    "functions/salon_pages/reports/bookings.sql:months": {
        "begins::timestamptz[]": "array(select date_trunc('month', now()) - make_interval(months => n)"
        " from generate_series(11, 0, -1) n)",
    },
    "functions/salon_pages/pages/numbers/": _NUMBERS,
    "functions/salon_pages/session/": SIGN_IN,
    "functions/salon_pages/session/sessions.sql:begin": {"id_hash::bytea": "sha256('new')"},
    "functions/salon_pages/viewer.sql": SIGN_IN,
    "functions/salon_pages/pages/manage/people.sql": {"role::text": "'admin'", "id::bigint": "2"},
    "functions/salon_pages/reports/manage/": {"before::bigint": "null", "slug::text": "md5('tenant2')::uuid::text"},
    "functions/salon_pages/reports/manage/alerts.sql": {"limit::int": "2"},  # so many has the short history, too
    "functions/telegram_webhook/salon/dashboard.sql": {
        "token_hash::bytea": SIGN_IN["token_hash::bytea"],
        "bot_id::bigint": "2",
        "chat_id::bigint": "700002",
    },
    "infra/admin/salon/users.sql": {"role::text": "'admin'", "id::bigint": "2", "name::text": "'Anna'"},
    "shared/salon/sign_in_links.sql": {**SIGN_IN, "token_hash::bytea": "sha256('new')"},
}
