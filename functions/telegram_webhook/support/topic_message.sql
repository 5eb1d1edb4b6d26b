-- name: find
-- The conversation that a topic shows.
select c.id
from platform.topics t
join support.users u on u.id = case when t.key like 'support/user/%%' then substr(t.key, 14)::uuid end
join support.client_settings s
    on s.client_id = u.client_id and s.telegram_bot_id = t.bot_id and s.telegram_chat_id = t.chat_id::text
join support.conversations c on c.user_id = u.id
where t.bot_id = %(bot_id)s::bigint and t.chat_id = %(chat_id)s::bigint
  and %(thread_id)s::bigint in (t.thread_id, t.former_thread_id);

-- name: carried
-- What went to the customer of a message in the topic.
select content, metadata ->> 'file' as file
from support.messages
where conversation_id = %(conversation_id)s::uuid and role = 'manager'
  and metadata -> 'telegram_message_id' = to_jsonb(%(message_id)s::bigint)
order by position desc
limit 1;

-- name: is_told
select id from platform.outbox where dedup_key = %(key)s::text;
