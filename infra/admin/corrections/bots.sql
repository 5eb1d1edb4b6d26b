-- name: read
select b.id, b.name, b.system, b.channel, b.address, b.alert_chat_id, b.rate_per_second, b.burst,
       extract(epoch from b.private_pace)::float8 as private_pace, extract(epoch from b.group_pace)::float8 as group_pace
from platform.bots b
where b.name = %(name)s::text
for update;

-- name: write
update platform.bots
set address = %(address)s::text, alert_chat_id = %(alert_chat_id)s::bigint,
    rate_per_second = %(rate_per_second)s::float8, burst = %(burst)s::int,
    private_pace = make_interval(secs => %(private_pace)s::float8),
    group_pace = make_interval(secs => %(group_pace)s::float8)
where id = %(id)s::bigint;

-- name: users
-- Who speaks through a bot. A GetCourse source that names none uses the first one.
select 'source ' || s.provider || '/' || s.name as who
from platform.webhook_sources s
where s.bot_id = %(bot)s::bigint
   or (s.provider = 'getcourse' and s.bot_id is null
       and %(bot)s::bigint = (select min(b.id) from platform.bots b where b.system = 'getcourse' and b.channel = 'telegram'))
union all
select 'client ' || c.name
from support.client_settings k
join support.clients c on c.id = k.client_id
where %(bot)s::bigint in (k.telegram_bot_id, k.whatsapp_bot_id);

-- name: salons
select 'salon ' || coalesce(t.slug, t.name) as who
from dashboard.tenant_settings k
join public.tenants_v2 t on t.id = k.tenant_id
where k.bot_id = %(bot)s::bigint
order by 1;

-- name: messages
select count(*) filter (where o.state in ('queued', 'sending')) as waiting,
       count(*) filter (where o.state not in ('queued', 'sending')) as ended
from platform.outbox o
where o.bot_id = %(bot)s::bigint;

-- name: delete_messages
delete from platform.outbox where bot_id = %(bot)s::bigint;

-- name: delete
delete from platform.bots where id = %(bot)s::bigint;
