-- name: find
-- The conversation that a topic shows; one that was made anew is looked for among all of the group's when no other is found.
with topic as materialized (
    select t.bot_id, t.chat_id, t.key
    from platform.topics t
    where t.bot_id = %(bot_id)s::bigint and t.chat_id = %(chat_id)s::bigint and t.thread_id = %(thread_id)s::bigint
    union all
    select t.bot_id, t.chat_id, t.key
    from platform.topics t
    where t.bot_id = %(bot_id)s::bigint and t.chat_id = %(chat_id)s::bigint and t.former_thread_id = %(thread_id)s::bigint
    limit 1
)
select c.id
from topic t
join support.users u on u.id = case when t.key like 'support/user/%%' then substr(t.key, 14)::uuid end
join support.client_settings s
    on s.client_id = u.client_id and s.telegram_bot_id = t.bot_id and s.telegram_chat_id = t.chat_id::text
join support.conversations c on c.user_id = u.id;

-- name: carried
-- What went to the customer of a message in the topic. Who floods a conversation makes nobody search it to its beginning.
select m.content, m.metadata ->> 'file' as file
from (
    select w.position, w.role, w.content, w.metadata
    from support.messages w
    where w.conversation_id = %(conversation_id)s::uuid
    order by w.position desc
    limit 5000) m
where m.role = 'manager' and m.metadata -> 'telegram_message_id' = to_jsonb(%(message_id)s::bigint)
order by m.position desc
limit 1;

-- name: is_told
select id from platform.outbox where dedup_key = %(key)s::text;
