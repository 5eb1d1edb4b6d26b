-- name: remember
insert into platform.members (bot_id, chat_id, telegram_id)
values (%(bot_id)s::bigint, %(chat_id)s::bigint, %(telegram_id)s::bigint)
on conflict (bot_id, chat_id, telegram_id) do nothing;

-- name: forget
delete from platform.members
where bot_id = %(bot_id)s::bigint and chat_id = %(chat_id)s::bigint and telegram_id = %(telegram_id)s::bigint;

-- name: may_press
select exists (
    select from platform.members m
    where m.bot_id = %(bot_id)s::bigint and m.chat_id = %(chat_id)s::bigint and m.telegram_id = %(telegram_id)s::bigint)
  or not exists (
    select from platform.starts p where p.bot_id = %(bot_id)s::bigint and p.chat_id = %(telegram_id)s::bigint)
  and not exists (
    select from support.client_settings s
    where s.telegram_bot_id = %(bot_id)s::bigint and s.telegram_chat_id <> %(chat_id)s::bigint::text)
  and not exists (
    select from dashboard.tenant_settings t where t.bot_id = %(bot_id)s::bigint and t.chat_id <> %(chat_id)s::bigint)
  as may_press;
