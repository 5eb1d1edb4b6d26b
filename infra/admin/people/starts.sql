-- name: salons
-- Salons that are written to in a person's own chat.
select t.name, k.bot_id, k.chat_id
from dashboard.tenant_settings k
join public.tenants_v2 t on t.id = k.tenant_id
where k.bot_id is not null and k.chat_id > 0;

-- name: people
-- Everybody to whom a bot writes by id, and since when it can: from their first word to it. Whoever never said one, from
-- something that reached them: a mentor's notification, and to others what the outbox still knows. A mentor may be written
-- to by the bot of any school.
with bot_of as (
    select s.id as source_id, s.name, s.admin_chat_id,
           coalesce(s.bot_id, (select min(b.id) from platform.bots b
                               where b.system = 'getcourse' and b.channel = 'telegram')) as bot_id
    from platform.webhook_sources s
    where s.provider = 'getcourse'
), people (role, name, bot_id, chat_id, mentor_id) as (
    select 'mentor', nullif(concat_ws(' ', v.first_name, v.last_name), ''), b.bot_id, v.telegram_id, v.person_id
    from getcourse.mentor_versions v
    cross join (select distinct bot_id from bot_of) b
    where v.telegram_id is not null and tstzrange(v.valid_from, v.valid_to) @> now()
    union
    select 'school', s.name, s.bot_id, s.admin_chat_id, null from bot_of s where s.admin_chat_id > 0
    union
    select 'alerts', b.name, b.id, b.alert_chat_id, null from platform.bots b where b.alert_chat_id > 0
    union
    select 'salon', t.name, t.bot_id, t.chat_id, null
    from unnest(%(names)s::text[], %(bot_ids)s::bigint[], %(chat_ids)s::bigint[]) as t (name, bot_id, chat_id)
), told as materialized (  -- once for each mentor, and not for each bot
    select m.mentor_id, (select n.sent_at from getcourse.notifications n
                         where n.mentor_id = m.mentor_id and n.status = 'sent' limit 1) as at
    from (select distinct p.mentor_id from people p
          where p.mentor_id is not null and not exists (
              select from platform.starts s where s.bot_id = p.bot_id and s.chat_id = p.chat_id)) m
)
select p.role, p.name, p.chat_id as telegram_id, string_agg(b.name, ', ' order by b.name) as bot,
       min(least(s.started_at, told.at, reached.at)) as started
from people p
join platform.bots b on b.id = p.bot_id
left join platform.starts s on s.bot_id = p.bot_id and s.chat_id = p.chat_id
left join told on told.mentor_id = p.mentor_id and s.started_at is null
left join lateral (
    select o.finished_at as at from platform.outbox o
    where o.bot_id = p.bot_id and o.chat_id = p.chat_id and o.chat_id > 0 and o.state = 'sent'
      and o.kind in ('platform/alert', 'getcourse/no-mentor', 'salon/digest', 'salon/alert') and s.started_at is null
    limit 1) reached on true
group by p.role, p.name, p.chat_id
having not %(without_start)s::boolean or min(least(s.started_at, told.at, reached.at)) is null
order by p.role, p.name, p.chat_id;
