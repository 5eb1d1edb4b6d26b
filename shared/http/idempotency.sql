-- name: acquire
-- Alone in its transaction it does not wait for the disk: when a crash of Postgres forgets a key that was taken, whoever
-- asks again takes it anew, and the attempt that had it stores nothing. A longer transaction that freezes with it loses it.
with quick as materialized (
    select case when %(alone)s::boolean then set_config('synchronous_commit', 'off', true)
                else set_config('idle_in_transaction_session_timeout', '5s', true) end
)
insert into learning.idempotency_keys as k (client_id, key, fingerprint, attempt, leased_until)
select %(client)s::bigint, %(key)s::text, %(fingerprint)s::bytea, %(attempt)s::uuid,
       clock_timestamp() + make_interval(secs => %(lease)s::float8)
from quick
on conflict (client_id, key) do update set attempt = excluded.attempt, leased_until = excluded.leased_until
    where k.answer is null and k.leased_until < (select clock_timestamp()) and k.fingerprint = excluded.fingerprint
returning k.attempt;

-- name: find
select fingerprint, answer
from learning.idempotency_keys
where client_id = %(client)s::bigint and key = %(key)s::text;

-- name: is_busy
-- Somebody works on it: there is no answer yet, and nobody may take it over. Locks nothing.
select exists (
    select from learning.idempotency_keys
    where client_id = %(client)s::bigint and key = %(key)s::text and answer is null and leased_until >= (select clock_timestamp())
) as is_busy;

-- name: finish
update learning.idempotency_keys set answer = %(answer)s::json
where client_id = %(client_id)s::bigint and key = %(key)s::text and attempt = %(attempt)s::uuid and answer is null;

-- name: release
delete from learning.idempotency_keys
where client_id = %(client_id)s::bigint and key = %(key)s::text and attempt = %(attempt)s::uuid and answer is null;
