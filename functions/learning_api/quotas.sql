-- name: take
-- One row, whatever happens. The client's own row is read by every call, but counted up only by every tenth of a device (and
-- by new devices), so that devices do not wait for each other. Nobody waits for the disk: a crash of Postgres may forget the
-- counts of a moment. Devices that came today are refused while others still have something left: a stranger who makes new
-- ones takes nothing from those who were there before.
with quick as materialized (
    select set_config('synchronous_commit', 'off', true)
), hour as (
    select date_trunc('hour', now(), 'UTC') as started_at
), taken as (
    insert into learning.usage as u (client_id, user_id, kind, started_at, used)
    select %(client)s::bigint, %(user)s::uuid, %(kind)s::text, hour.started_at, %(amount)s::bigint
    from hour cross join quick
    where not exists (
        select from learning.usage c
        where c.client_id = %(client)s::bigint and c.user_id = '00000000-0000-0000-0000-000000000000'
          and c.kind = %(kind)s::text and c.started_at = hour.started_at
          and c.used >= case
                            when exists (
                                select from learning.users u
                                where u.id = %(user)s::uuid and u.created_at >= date_trunc('day', now(), 'UTC'))
                            then %(new_devices_limit)s::bigint
                            else %(client_limit)s::bigint
                        end
    )
    on conflict (client_id, user_id, kind, started_at) do update set used = u.used + excluded.used
        where u.used + excluded.used <= %(limit)s::bigint
    returning u.user_id, u.started_at,
              (u.used + %(portion)s::bigint - 1) / %(portion)s::bigint
                  - (u.used - %(amount)s::bigint + %(portion)s::bigint - 1) / %(portion)s::bigint as portions
), of_client as (
    insert into learning.usage as u (client_id, user_id, kind, started_at, used)
    select %(client)s::bigint, '00000000-0000-0000-0000-000000000000', %(kind)s::text, taken.started_at,
           taken.portions * %(portion)s::bigint
    from taken
    where taken.portions > 0 and taken.user_id <> '00000000-0000-0000-0000-000000000000'
    on conflict (client_id, user_id, kind, started_at) do update set used = u.used + excluded.used
)
select exists (select from taken) as is_taken,
       ceil(extract(epoch from hour.started_at + interval '1 hour' - now()))::int as seconds_left
from hour;
