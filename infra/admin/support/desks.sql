-- name: find
select c.id, c.name from support.clients c
where c.name = %(desk)s::text or c.id::text = lower(%(desk)s::text)
order by c.created_at;

-- name: names
select c.name from support.clients c order by c.name limit 50;

-- name: bot
-- And the desk, other than this one, whose WhatsApp account it is.
select b.id, b.system, b.channel,
       (select c.name
        from support.client_settings k
        join support.clients c on c.id = k.client_id
        where k.whatsapp_bot_id = b.id and c.id is distinct from %(desk)s::uuid
        limit 1) as others
from platform.bots b
where b.name = %(name)s::text;

-- name: source
select s.id, c.name as desk
from platform.webhook_sources s
left join support.clients c on c.source_id = s.id
where s.provider = 'whatsapp' and s.name = %(name)s::text;

-- name: add
with client as (
    insert into support.clients (name, config, source_id)
    values (%(name)s::text, %(config)s::jsonb, %(source)s::bigint)
    returning id
)
insert into support.client_settings (client_id, telegram_chat_id, telegram_bot_id, whatsapp_bot_id, owner_telegram_id,
                                     timezone)
select id, %(chat)s::text, %(telegram_bot)s::bigint, %(whatsapp_bot)s::bigint, %(owner)s::text, %(timezone)s::text
from client
returning client_id;

-- name: list
select c.id, c.name, c.status, c.config, s.name as source, s.gateway, w.name as whatsapp_bot, t.name as telegram_bot,
       k.telegram_chat_id as chat, k.timezone, c.created_at, coalesce(h.waiting, 0) as waiting
from support.clients c
left join platform.webhook_sources s on s.id = c.source_id
left join support.client_settings k on k.client_id = c.id
left join platform.bots w on w.id = k.whatsapp_bot_id
left join platform.bots t on t.id = k.telegram_bot_id
left join (
    select p.client_id, count(*) as waiting from support.handovers p where p.status = 'pending' group by p.client_id) h
    on h.client_id = c.id
order by c.created_at, c.id;
