-- name: desks
select c.name as client, s.name as source, s.gateway, k.telegram_chat_id as chat, k.keywords, k.timezone,
       case when k.timezone not in (select z.name from pg_catalog.pg_timezone_names z) then k.timezone end as unknown_zone,
       k.working_hours, k.holidays, t.name as telegram_bot, t.telegram_id, t.token_sealed as telegram_token,
       w.name as whatsapp_bot, w.channel as whatsapp_channel, w.address, w.token_sealed as whatsapp_token,
       exists (select from support.prompts p
               where (p.client_id is null or p.client_id = c.id) and p.name = 'system_prompt' and p.is_active)
           as system_prompt,
       exists (select from support.prompts p
               where (p.client_id is null or p.client_id = c.id) and p.name = 'classifier' and p.is_active)
           as classifier,
       k.daily_tokens, k.customer_daily_tokens, u.tokens, u.customers, v.failing
from support.clients c
left join platform.webhook_sources s on s.id = c.source_id
left join support.client_settings k on k.client_id = c.id
left join platform.bots t on t.id = k.telegram_bot_id
left join platform.bots w on w.id = k.whatsapp_bot_id
cross join lateral (
    select coalesce(sum(d.tokens), 0) as tokens,
           count(*) filter (where d.tokens >= %(near)s::float8 * k.customer_daily_tokens) as customers
    from support.token_usage d
    where d.client_id = c.id and d.day = (now() at time zone 'UTC')::date) u
cross join lateral (
    select count(*) as failing from support.conversations t
    where t.client_id = c.id and t.answer_due_at is not null and t.attempts > %(attempts)s::int) v
where c.status = 'active'
order by c.created_at, c.id;
