-- name: clients
select c.name, c.is_active, c.is_public, c.daily_tokens, coalesce(u.tokens, 0) as tokens,
       (select count(*) from learning.client_tokens t
        where t.client_id = c.id and (t.valid_to is null or t.valid_to > (select clock_timestamp()))) as valid_tokens
from learning.clients c
left join learning.daily_usage u on u.client_id = c.id and u.day = (now() at time zone 'UTC')::date
order by c.name;

-- name: usage
-- Who is near a limit now. Devices are counted, not named: an id opens a lesson.
with now_used as (
    select c.name, u.user_id = '00000000-0000-0000-0000-000000000000' as is_client, u.kind, u.used
    from learning.usage u
    join learning.clients c on c.id = u.client_id
    where c.is_active and c.is_public and u.started_at >= date_trunc('day', now(), 'UTC')
      and u.started_at = case u.kind when 'tokens' then date_trunc('day', now(), 'UTC') else date_trunc('hour', now(), 'UTC') end
), limited as (
    select n.*, case
            when n.kind = 'tokens' and n.is_client then (%(new_devices_tokens)s::json ->> n.name)::bigint
            when n.kind = 'tokens' then (%(device_tokens)s::json ->> n.name)::bigint
            when n.is_client then (%(client_limits)s::json ->> n.kind)::bigint
            else (%(device_limits)s::json ->> n.kind)::bigint
        end as most
    from now_used n
)
select name, kind, is_client, most, count(*) as holders, max(used) as used
from limited
where used * 100 >= most * %(percent)s::int
group by name, kind, is_client, most
order by name, is_client desc, kind;

-- name: weak_devices
select c.name, count(*) as devices, max(u.weak_until) as weak_until, max(u.weak_until) <= now() as is_over
from learning.users u
join learning.clients c on c.id = u.client_id
where u.weak_until is not null and c.is_public and c.is_active
group by c.name
order by c.name;

-- name: tracks
select k.slug, (select count(*) from learning.track_roadmap_items i where i.track_id = k.id) as items,
       (select coalesce(array_agg(expected.tab::text order by expected.tab), '{}')
        from unnest(enum_range(null::learning.chat_tab)) as expected (tab)
        where not exists (
            select from learning.chat_templates t
            where t.is_active and (t.tab is null or t.tab = expected.tab)
              and (t.scope = 'global' or (t.scope = 'track' and t.track_id = k.id)))) as bare_tabs
from learning.tracks k
order by k.slug;

-- name: templates
-- Those that count.
select distinct on (t.scope, t.track_id, t.tab) t.scope, t.tab, k.slug, t.content, t.variables_json as variables
from learning.chat_templates t
left join learning.tracks k on k.id = t.track_id
where t.is_active
order by t.scope, t.track_id, t.tab, t.version desc;

-- name: stale_keys
-- Nobody counts beyond `most`.
select count(*) as keys
from (select from learning.idempotency_keys k where k.created_at < now() - interval '3 days' limit %(most)s::int) k;
