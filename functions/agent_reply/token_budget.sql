-- name: reserve
-- One row, whatever happens: without a day there was nothing left. Nobody waits for the disk: a crash of Postgres may forget
-- the tokens of a moment.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), today as (
    select (now() at time zone 'UTC')::date as day,
           ceil(extract(epoch from date_trunc('day', now() at time zone 'UTC') + interval '1 day'
                - now() at time zone 'UTC'))::int as seconds_left
), taken as (
    insert into learning.daily_usage as u (client_id, day, tokens, calls)
    select %(client)s::bigint, today.day, %(tokens)s::bigint, 0
    from today cross join quick
    where %(tokens)s::bigint <= %(budget)s::bigint
    on conflict (client_id, day) do update set tokens = u.tokens + excluded.tokens
        where u.tokens + excluded.tokens <= %(budget)s::bigint
    returning u.day
)
select taken.day, today.seconds_left
from today left join taken on true;

-- name: settle
-- What was reserved on a day is settled on that day; without a reservation it is counted today.
with quick as materialized (select set_config('synchronous_commit', 'off', true))
insert into learning.daily_usage as u (client_id, day, tokens, calls)
select %(client)s::bigint, coalesce(%(day)s::date, (now() at time zone 'UTC')::date), greatest(%(difference)s::bigint, 0), 1
from quick
on conflict (client_id, day) do update
    set tokens = greatest(u.tokens + %(difference)s::bigint, 0), calls = u.calls + 1;
