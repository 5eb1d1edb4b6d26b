-- name: find
-- The conversation that a topic shows.
select c.id
from platform.topics t
join support.users u on u.id = case when t.key like 'support/user/%%' then substr(t.key, 14)::uuid end
join support.client_settings s
    on s.client_id = u.client_id and s.telegram_bot_id = t.bot_id and s.telegram_chat_id = t.chat_id::text
join support.conversations c on c.user_id = u.id
where t.bot_id = %(bot_id)s::bigint and t.chat_id = %(chat_id)s::bigint and t.thread_id = %(thread_id)s::bigint;
