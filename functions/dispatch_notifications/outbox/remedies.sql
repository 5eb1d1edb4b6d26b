-- name: store_threads
update platform.topics t
set thread_id = c.thread_id
from unnest(%(bots)s::bigint[], %(chats)s::bigint[], %(topics)s::text[], %(lanes)s::text[], %(threads)s::bigint[])
    as c (bot_id, chat_id, key, lane, thread_id)
where t.bot_id = c.bot_id and t.chat_id = c.chat_id and t.key = c.key;

-- name: await_topic
-- Whoever comes while the topic is being created, or cannot be because of the group's state, has used up no try; nor
-- has who finds that it is there by now.
update platform.outbox o
set attempt = o.attempt - 1
from unnest(%(bots)s::bigint[], %(chats)s::bigint[], %(topics)s::text[], %(lanes)s::text[], %(ids)s::bigint[])
    as m (bot_id, chat_id, key, lane, id)
where o.id = m.id and o.state = 'queued' and o.attempt > 0 and (
    exists (
        select from platform.outbox c
        where c.bot_id = m.bot_id and c.lane = m.lane and c.method = 'createForumTopic'
          and (c.state = 'sending'
               or c.state = 'queued' and (c.error_class is null or c.error_class = any(%(states)s::text[]))))
    or exists (
        select from platform.topics t
        where t.bot_id = m.bot_id and t.chat_id = m.chat_id and t.key = m.key and t.thread_id is not null));

-- name: put_topic_first
-- A topic is made before what waits for it: whatever came along when a group moved, or was redriven, may be older than the
-- message that makes it, and stands before it in the same lane.
update platform.outbox c
set created_at = o.created_at - interval '1 microsecond'
from unnest(%(bots)s::bigint[], %(lanes)s::text[], %(ids)s::bigint[]) as m (bot_id, lane, id)
join platform.outbox o on o.id = m.id
where c.bot_id = m.bot_id and c.lane = m.lane and o.lane = m.lane and c.method = 'createForumTopic'
  and c.state in ('queued', 'sending') and (c.created_at, c.id) > (o.created_at, o.id);

-- name: open_topic
-- A topic is created anew by whoever finds it gone first: the thread it had is compared and forgotten, and one message
-- that creates it goes to the head of its lane. The topic's lane is locked, so that this statement sees what others did.
with missed as (
    select distinct m.bot_id, m.chat_id, m.key, m.lane, m.thread_id
    from unnest(%(bots)s::bigint[], %(chats)s::bigint[], %(topics)s::text[], %(lanes)s::text[], %(threads)s::bigint[],
                %(ids)s::bigint[]) as m (bot_id, chat_id, key, lane, thread_id, id)
), gone as (
    update platform.topics t
    set thread_id = null, former_thread_id = coalesce(t.thread_id, t.former_thread_id), generation = t.generation + 1
    from missed m
    where t.bot_id = m.bot_id and t.chat_id = m.chat_id and t.key = m.key
      and (t.thread_id = m.thread_id or (t.thread_id is null and not exists (
          select from platform.outbox o
          where o.bot_id = m.bot_id and o.lane = m.lane and o.method = 'createForumTopic'
            and o.state in ('queued', 'sending'))))
    returning t.id, t.bot_id, t.chat_id, t.key, t.name, t.icon_color, t.generation, m.lane
), creating as (
    insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, topic, dedup_key, correlation_id,
                                 policy, priority, paced, created_at, expires_at)
    select g.bot_id, g.chat_id, g.lane, 'platform/topic', 'createForumTopic',
           jsonb_strip_nulls(jsonb_build_object('name', g.name, 'icon_color', g.icon_color)), g.key,
           'platform/topic/' || g.id || '/' || g.generation, 'topic-' || g.id, 'at_least_once', 0, false,
           coalesce((
               select min(o.created_at) from platform.outbox o
               where o.bot_id = g.bot_id and o.lane = g.lane and o.state in ('queued', 'sending')), clock_timestamp())
               - interval '1 microsecond',
           clock_timestamp() + interval '1 day'
    from gone g
    on conflict (dedup_key) do update  -- one that was given up while topics were off
    set state = 'queued', finished_at = null, due_at = clock_timestamp(), created_at = excluded.created_at,
        expires_at = excluded.expires_at
    where outbox.state = 'cancelled'
    returning bot_id, chat_id, lane, due_at, priority, paced
)
insert into platform.lanes as l (bot_id, lane, chat, head_due, priority, paced)
select bot_id, lane, chat_id::text, due_at, priority, paced from creating
on conflict (bot_id, lane) do update
set head_due = excluded.head_due, priority = excluded.priority, paced = excluded.paced;

-- name: reopen_topic
-- Reopening is tried once for each message that found the topic closed, just before it.
insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy, priority,
                             paced, created_at, expires_at)
select o.bot_id, o.chat_id, o.lane, 'platform/topic', 'reopenForumTopic',
       jsonb_build_object('message_thread_id', m.thread_id), 'platform/topic/reopen/' || o.id, o.correlation_id,
       'idempotent', 0, false, o.created_at - interval '1 microsecond', clock_timestamp() + interval '1 day'
from unnest(%(bots)s::bigint[], %(chats)s::bigint[], %(topics)s::text[], %(lanes)s::text[], %(threads)s::bigint[],
            %(ids)s::bigint[]) as m (bot_id, chat_id, key, lane, thread_id, id)
join platform.outbox o on o.id = m.id
on conflict (dedup_key) do nothing;

-- name: drop_reply
update platform.outbox
set payload = payload - 'reply_parameters' - 'reply_to_message_id'
where id = any(%(ids)s::bigint[]);

-- name: split
-- The row keeps the first part; the others follow it at once, before whatever was enqueued later. Their keys are no
-- other's: the row may itself be a part (key#2), or be split once more after a redrive.
with parts as (
    select p.number, p.method, p.payload
    from jsonb_to_recordset(%(parts)s::jsonb) as p (number int, method text, payload jsonb)
), first as (
    update platform.outbox o
    set payload = p.payload
    from parts p
    where o.id = %(id)s::bigint and p.number = 1
)
insert into platform.outbox (bot_id, chat_id, recipient, lane, kind, method, payload, topic, guard, dedup_key,
                             correlation_id, policy, priority, expires_at, as_text, created_at)
select o.bot_id, o.chat_id, o.recipient, o.lane, o.kind, p.method, p.payload, o.topic, o.guard,
       o.dedup_key || '#' || o.id || '.' || o.redrives || '.' || p.number, o.correlation_id, o.policy, o.priority, o.expires_at, o.as_text, o.created_at
from platform.outbox o, parts p
where o.id = %(id)s::bigint and p.number > 1
on conflict (dedup_key) do nothing;
