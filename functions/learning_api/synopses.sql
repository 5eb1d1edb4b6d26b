-- name: newest
(
    select id, origin, items_json as items, created_at, updated_at
    from learning.synopses
    where session_id = %(session)s::uuid and origin = 'live'
)
union all
(
    select id, origin, items_json, created_at, updated_at
    from learning.synopses
    where session_id = %(session)s::uuid and origin <> 'live'
    order by created_at desc, id
    limit %(snapshots)s::int
);

-- name: lock
-- A process that freezes with the lock loses it after some seconds.
with timeout as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
select s.id
from timeout, learning.track_sessions s
where s.id = %(session)s::uuid
for no key update of s;

-- name: find_same
select id, origin, items_json as items, created_at, updated_at
from learning.synopses
where session_id = %(session)s::uuid and origin = 'live' and items_json = %(items)s::jsonb;

-- name: to_snapshot
update learning.synopses set origin = 'snapshot' where session_id = %(session)s::uuid and origin = 'live';

-- name: add
-- Of the others the newest stay, as many as are shown; what comes is the newest of them, unless it is the live one.
with gone as (
    delete from learning.synopses
    where id = any(array(
        select id
        from learning.synopses
        where session_id = %(session)s::uuid and origin <> 'live'
        order by created_at desc, id
        offset %(snapshots)s::int - case when %(origin)s::learning.synopsis_origin = 'live' then 0 else 1 end))
)
insert into learning.synopses (session_id, origin, items_json)
values (%(session)s::uuid, %(origin)s::learning.synopsis_origin, %(items)s::jsonb)
returning id, origin, items_json as items, created_at, updated_at;
