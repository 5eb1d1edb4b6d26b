-- name: reserve
-- One row, whatever happens: without a day there was nothing left, of the client's budget (is_client_out) or of the device's.
-- Devices that came today share a part of the client's budget: a stranger who makes new ones leaves the rest to the others.
-- Rows are locked in one order, here and below: the device's, that of the new devices, the client's, which all of its calls
-- change. Nobody waits for the disk: a crash of Postgres may forget the tokens of a moment.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), today as (
    select (now() at time zone 'UTC')::date as day,
           date_trunc('day', now(), 'UTC') as started_at,
           ceil(extract(epoch from date_trunc('day', now(), 'UTC') + interval '1 day' - now()))::int as seconds_left
), caller as (
    select %(budget)s::bigint is not null
               and exists (select from learning.users u where u.id = %(user)s::uuid and u.created_at >= today.started_at)
               as is_new
    from today
), client as (
    select coalesce(coalesce(u.tokens, 0) + %(tokens)s::bigint > %(budget)s::bigint, false)
               or caller.is_new and coalesce(n.used, 0) + %(tokens)s::bigint > %(new_budget)s::bigint as is_out
    from today
    cross join caller
    left join learning.daily_usage u on u.client_id = %(client)s::bigint and u.day = today.day
    left join learning.usage n on n.client_id = %(client)s::bigint and n.user_id = '00000000-0000-0000-0000-000000000000'
        and n.kind = 'tokens' and n.started_at = today.started_at
), device as (
    insert into learning.usage as u (client_id, user_id, kind, started_at, used)
    select %(client)s::bigint, %(user)s::uuid, 'tokens', today.started_at, %(tokens)s::bigint
    from today cross join quick cross join client
    where %(user)s::uuid is not null and not client.is_out and %(tokens)s::bigint <= %(device_budget)s::bigint
    on conflict (client_id, user_id, kind, started_at) do update set used = u.used + excluded.used
        where u.used + excluded.used <= %(device_budget)s::bigint
    returning u.used
), new_devices as (
    insert into learning.usage as u (client_id, user_id, kind, started_at, used)
    select %(client)s::bigint, '00000000-0000-0000-0000-000000000000', 'tokens', today.started_at, %(tokens)s::bigint
    from today cross join caller cross join device
    where caller.is_new
    on conflict (client_id, user_id, kind, started_at) do update set used = u.used + excluded.used
        where u.used + excluded.used <= %(new_budget)s::bigint
    returning u.used
), taken as (
    insert into learning.daily_usage as u (client_id, day, tokens, calls)
    select %(client)s::bigint, today.day, %(tokens)s::bigint, 0
    from today cross join quick cross join client cross join caller
    where not client.is_out
      and case
              when caller.is_new then exists (select from new_devices)
              else %(user)s::uuid is null or exists (select from device)
          end
    on conflict (client_id, day) do update set tokens = u.tokens + excluded.tokens
        where %(budget)s::bigint is null or u.tokens + excluded.tokens <= %(budget)s::bigint
    returning u.day
)
select taken.day, today.seconds_left,
       client.is_out or %(user)s::uuid is null or exists (select from device) as is_client_out
from today cross join client left join taken on true;

-- name: settle
-- What was reserved on a day is settled on that day; without a reservation it is counted today.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), device as (
    update learning.usage u
    set used = greatest(u.used + %(difference)s::bigint, 0)
    from quick
    where u.client_id = %(client)s::bigint and u.user_id = %(user)s::uuid and u.kind = 'tokens'
      and u.started_at = %(day)s::date::timestamp at time zone 'UTC'
    returning u.started_at
), new_devices as (
    update learning.usage u
    set used = greatest(u.used + %(difference)s::bigint, 0)
    from device
    where u.client_id = %(client)s::bigint and u.user_id = '00000000-0000-0000-0000-000000000000' and u.kind = 'tokens'
      and u.started_at = device.started_at
      and exists (select from learning.users p where p.id = %(user)s::uuid and p.created_at >= device.started_at)
    returning u.started_at
)
insert into learning.daily_usage as u (client_id, day, tokens, calls)
select %(client)s::bigint, coalesce(%(day)s::date, (now() at time zone 'UTC')::date), greatest(%(difference)s::bigint, 0), 1
from quick
where (select count(*) from device) + (select count(*) from new_devices) >= 0  -- always; so the other rows come first
on conflict (client_id, day) do update
    set tokens = greatest(u.tokens + %(difference)s::bigint, 0), calls = u.calls + 1;
