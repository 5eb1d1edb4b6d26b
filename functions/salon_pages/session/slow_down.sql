-- name: try
-- A try during a pause is refused and changes nothing; any other counts. After the last free one each is followed by a
-- pause. Who waited for the lock of a row that was just made does not see it, and is refused for a second.
with tried as (
    insert into dashboard.sign_in_attempts as a (key_hash) values (%(key_hash)s::bytea)
    on conflict (key_hash) do update
    set tries = case when a.tried_at < now() - make_interval(secs => %(forgotten_after)s::int) then 1 else a.tries + 1 end,
        free_at = case
            when a.tried_at < now() - make_interval(secs => %(forgotten_after)s::int) or a.tries + 1 < %(free_tries)s::int
                then '-infinity'
            else now() + make_interval(secs => least(
                %(max_pause)s::int, %(pause)s::int * power(2, least(a.tries + 1 - %(free_tries)s::int, 20)))) end,
        tried_at = now()
    where a.free_at <= now()
    returning 0 as seconds
)
select coalesce((select seconds from tried), (
    select greatest(1, ceil(extract(epoch from a.free_at - now())))::int from dashboard.sign_in_attempts a
    where a.key_hash = %(key_hash)s::bytea), 1) as seconds;

-- name: forget
delete from dashboard.sign_in_attempts where key_hash = %(key_hash)s::bytea;
