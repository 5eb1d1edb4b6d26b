create or replace view platform.bot_languages with (security_invoker = true) as
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

drop table courses.dialogs, courses.invitations;

revoke all on all tables in schema courses from fn_dispatch_notifications, fn_telegram_webhook;
revoke usage on schema courses from fn_dispatch_notifications, fn_telegram_webhook;
