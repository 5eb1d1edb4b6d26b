-- name: reserve
-- One row, whatever happens: without a day there was nothing left. Nobody waits for the disk, nor for whoever does:
-- a crash of Postgres may forget the tokens of a moment.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), today as (
    select (now() at time zone 'UTC')::date as day,
           ceil(extract(epoch from date_trunc('day', now() at time zone 'UTC') + interval '1 day'
                - now() at time zone 'UTC'))::int as seconds_left
), taken as (
    insert into learning.daily_usage as u (client_id, day, tokens, calls)
    select %(client)s::bigint, today.day, %(tokens)s::bigint, 1
    from today cross join quick
    where %(most)s::bigint is null or %(tokens)s::bigint <= %(most)s::bigint
    on conflict (client_id, day) do update set tokens = u.tokens + excluded.tokens, calls = u.calls + 1
        where %(most)s::bigint is null or u.tokens + excluded.tokens <= %(most)s::bigint
    returning u.day
)
select taken.day, today.seconds_left
from today left join taken on true;

-- name: settle
with quick as materialized (select set_config('synchronous_commit', 'off', true))
update learning.daily_usage set tokens = greatest(tokens + %(difference)s::bigint, 0)
from quick
where client_id = %(client)s::bigint and day = %(day)s::date;
