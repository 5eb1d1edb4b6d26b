-- name: messages
select o.id from platform.outbox o
where o.id = any(%(messages)s::bigint[]) or o.recipient = any(%(recipients)s::text[])
   or o.chat_id = any(%(chats)s::bigint[]) or o.topic = any(%(topics)s::text[])
   or o.dedup_key like any (%(dedup_keys)s::text[]);

-- name: lock_lanes
-- First the lanes, in the order in which everybody locks them: nobody begins to send what is deleted now.
select from platform.lanes l
join (select distinct o.bot_id, o.lane from platform.outbox o where o.id = any(%(ids)s::bigint[])) w
    on w.bot_id = l.bot_id and w.lane = l.lane
order by l.bot_id, l.lane
for update of l;

-- name: delete_messages
-- With their attempts; answers the lanes in which they were.
with gone as (
    delete from platform.outbox where id = any(%(ids)s::bigint[]) returning bot_id, lane
)
select distinct bot_id, lane from gone order by bot_id, lane;

-- name: delete_lanes
-- The person's own, which are called like the address or the topic. One that is needed still is made anew.
delete from platform.lanes l
where l.head_due is null
  and (coalesce(l.chat, l.lane) = any(%(recipients)s::text[] || (%(chats)s::bigint[])::text[])
       or exists (select from unnest(%(topics)s::text[]) t where l.lane like '%%/' || t || '%%'));

-- name: delete_topics
delete from platform.topics where key = any(%(topics)s::text[]);

-- name: delete_starts
delete from platform.starts where chat_id = any(%(chats)s::bigint[]);

-- name: delete_members
delete from platform.members where telegram_id = any(%(chats)s::bigint[]);

-- name: delete_deliveries
-- Whole: what is unread may say anything. Bytes are searched, for some are no text.
delete from platform.inbox i
where exists (select from unnest(%(texts)s::text[]) t
              where position(convert_to(t, 'UTF8') in i.body) > 0 or position(convert_to(t, 'UTF8') in i.query) > 0);

-- name: delete_failed_updates
delete from platform.failed_updates f
where exists (select from unnest(%(texts)s::text[]) t where position(convert_to(t, 'UTF8') in f.body) > 0);
