-- name: acquire
-- One row, whatever happens. Leases that have ended count no more; whoever ends a call adds nothing to them. Devices that came
-- today are refused while others still may call: a stranger who makes new ones takes nothing from those who were there before.
-- A client that has no call left is refused by a read; the row that devices share is locked last, and not for long. Nobody
-- waits for the disk: a crash of Postgres may forget the calls of a moment.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), call as materialized (
    select date_trunc('day', now(), 'UTC') as started_at,
           clock_timestamp() + make_interval(secs => %(seconds)s::float8) as leased_until
), client as (
    select count(lease) as calls,
           case
               when exists (
                   select from learning.users u
                   where u.id = %(user)s::uuid and u.created_at >= date_trunc('day', now(), 'UTC'))
               then %(new_devices_limit)s::bigint
               else %(client_limit)s::bigint
           end as most
    from call
    left join learning.usage u on u.client_id = %(client)s::bigint and u.user_id = '00000000-0000-0000-0000-000000000000'
        and u.kind = 'calls' and u.started_at = call.started_at
    left join unnest(u.leased_until) lease on lease > now()
), of_device as (
    insert into learning.usage as u (client_id, user_id, kind, started_at, used, leased_until)
    select %(client)s::bigint, %(user)s::uuid, 'calls', call.started_at, 1, array[call.leased_until]
    from call cross join quick cross join client
    where client.calls < client.most
    on conflict (client_id, user_id, kind, started_at) do update
        set used = u.used + 1,
            leased_until = array(select lease from unnest(u.leased_until) lease where lease > now()) || excluded.leased_until
        where (select count(*) from unnest(u.leased_until) lease where lease > now()) < %(device_limit)s::bigint
    returning u.started_at
), of_client as (
    insert into learning.usage as u (client_id, user_id, kind, started_at, used, leased_until)
    select %(client)s::bigint, '00000000-0000-0000-0000-000000000000', 'calls', call.started_at, 1, array[call.leased_until]
    from call cross join of_device
    on conflict (client_id, user_id, kind, started_at) do update
        set used = u.used + 1,
            leased_until = array(select lease from unnest(u.leased_until) lease where lease > now()) || excluded.leased_until
        where (select count(*) from unnest(u.leased_until) lease where lease > now()) < (select client.most from client)
    returning u.started_at
)
select call.started_at, call.leased_until,
       exists (select from of_device) as has_device, exists (select from of_client) as has_client
from call;

-- name: release
-- The device's row first, as above; one that is gone already changes nothing for the client's.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), of_device as (
    update learning.usage u
    set leased_until = u.leased_until[:array_position(u.leased_until, %(leased_until)s::timestamptz) - 1]
            || u.leased_until[array_position(u.leased_until, %(leased_until)s::timestamptz) + 1:]
    from quick
    where u.client_id = %(client)s::bigint and u.user_id = %(user)s::uuid and u.kind = 'calls'
      and u.started_at = %(started_at)s::timestamptz and %(leased_until)s::timestamptz = any(u.leased_until)
    returning u.started_at
)
update learning.usage u
set leased_until = u.leased_until[:array_position(u.leased_until, %(leased_until)s::timestamptz) - 1]
        || u.leased_until[array_position(u.leased_until, %(leased_until)s::timestamptz) + 1:]
where (select count(*) from of_device) >= 0  -- always; so the other row comes first
  and %(has_client)s::boolean
  and u.client_id = %(client)s::bigint and u.user_id = '00000000-0000-0000-0000-000000000000' and u.kind = 'calls'
  and u.started_at = %(started_at)s::timestamptz and %(leased_until)s::timestamptz = any(u.leased_until);
