-- What a desk's managers and customers read. Sources and salons have their language already. Every desk reads Russian
-- until somebody sets it, so the code before this migration goes on as it was.
alter table support.client_settings
    add column language text not null default 'ru' check (language in ('ru', 'en'));

-- What is read by those for whom a bot works: schools, salons and desks. Russian if any of them reads Russian; a bot that
-- works for nobody is missing.
create view platform.bot_languages with (security_invoker = true) as
select o.bot_id, case when bool_or(o.language = 'ru') then 'ru' else 'en' end as language
from (
    select coalesce(w.bot_id, (select min(b.id) from platform.bots b
                               where b.system = 'getcourse' and b.channel = 'telegram')) as bot_id,
           w.language
    from platform.webhook_sources w
    where w.provider = 'getcourse'
    union all
    select t.bot_id, t.language from dashboard.tenant_settings t
    union all
    select s.telegram_bot_id, s.language from support.client_settings s) o
where o.bot_id is not null
group by o.bot_id;

-- Alerts about a bot, and what it says itself outside of a conversation.
grant select on platform.bot_languages to fn_dispatch_notifications, fn_telegram_webhook;
grant select (bot_id, language) on dashboard.tenant_settings to fn_dispatch_notifications;
grant select (bot_id, provider, language) on platform.webhook_sources to fn_telegram_webhook;
