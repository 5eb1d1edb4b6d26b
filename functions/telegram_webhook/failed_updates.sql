-- name: count
insert into platform.failed_updates as f (bot_id, update_id, error, correlation_id)
values (%(bot_id)s::bigint, %(update_id)s::bigint, %(error)s::text, %(correlation_id)s::text)
on conflict (bot_id, update_id) do update
set attempts = f.attempts + 1,
    error = excluded.error,
    correlation_id = excluded.correlation_id,
    last_failed_at = clock_timestamp(),
    set_aside_at = case when f.attempts + 1 >= %(max_attempts)s::int
                        then coalesce(f.set_aside_at, clock_timestamp()) end,
    body = case when f.attempts + 1 >= %(max_attempts)s::int then %(body)s::bytea end
returning f.attempts, f.set_aside_at is not null as is_set_aside;
