-- name: enqueue
-- Rows, lanes and topics in one statement. A lane that has a head keeps its due time: the head goes first, even when
-- it waits for a retry. Lane rows stay locked until the caller commits, so callers enqueue last.
-- A topic that nobody wanted before is created by a message of its own, at the head of the topic's lane; a topic is no
-- message of its chat, so the chat's pace does not hold it.
-- Who still has the old id of a chat that moved for its bot means the new one; lanes are called after their chats.
-- A caller that freezes before its commit loses the locks after some seconds, or its chats would stand still.
with idle_timeout as materialized (
    select set_config('idle_in_transaction_session_timeout', '5s', true)
), wanted as (
    select m.place, m.bot_id, coalesce(v.new_chat_id, m.chat_id) as chat_id, m.recipient, m.thread_id, m.topic,
           case when v.new_chat_id is null then m.lane
                else v.new_chat_id || substr(m.lane, length(m.chat_id::text) + 1) end as lane,
           case when v.new_chat_id is null then m.topic_lane
                else v.new_chat_id || substr(m.topic_lane, length(m.chat_id::text) + 1) end as topic_lane,
           m.topic_name, m.topic_color, m.kind, m.method, m.payload, m.dedup_key, m.correlation_id, m.policy,
           m.priority, m.paced, m.guard, m.delay_seconds, m.ttl_seconds
    from idle_timeout, jsonb_to_recordset(%(messages)s::jsonb) as m (
        place int, bot_id bigint, chat_id bigint, recipient text, lane text, thread_id bigint, topic text,
        topic_lane text, topic_name text, topic_color int, kind text, method text, payload jsonb, dedup_key text,
        correlation_id text, policy text, priority smallint, paced boolean, guard jsonb, delay_seconds double precision,
        ttl_seconds double precision)
    left join platform.chat_moves v on v.bot_id = m.bot_id and v.chat_id = m.chat_id
), new_topics as (
    insert into platform.topics (bot_id, chat_id, key, name, icon_color)
    select distinct on (bot_id, chat_id, topic) bot_id, chat_id, topic, left(topic_name, 128), topic_color
    from wanted
    where topic is not null
    order by bot_id, chat_id, topic, place
    on conflict (bot_id, chat_id, key) do nothing
    returning id, bot_id, chat_id, key, name, icon_color
), added as (
    insert into platform.outbox (bot_id, chat_id, recipient, lane, kind, method, payload, topic, guard, dedup_key,
                                 correlation_id, policy, priority, paced, due_at, expires_at)
    select bot_id, chat_id, recipient, lane, kind, method, payload, topic, guard, dedup_key, correlation_id, policy,
           priority, paced, clock_timestamp() + make_interval(secs => delay_seconds),
           clock_timestamp() + make_interval(secs => delay_seconds + ttl_seconds)
    from (
        select t.bot_id, t.chat_id, null as recipient, w.topic_lane as lane, 'platform/topic' as kind,
               'createForumTopic' as method,
               jsonb_strip_nulls(jsonb_build_object('name', t.name, 'icon_color', t.icon_color)) as payload,
               t.key as topic, null as guard, 'platform/topic/' || t.id || '/1' as dedup_key, w.correlation_id,
               'at_least_once' as policy, 0::smallint as priority, false as paced, 0 as delay_seconds,
               86400 as ttl_seconds, -1 as place
        from new_topics t
        join (
            select distinct on (bot_id, chat_id, topic) bot_id, chat_id, topic, topic_lane, correlation_id
            from wanted
            where topic is not null
            order by bot_id, chat_id, topic, place) w on w.bot_id = t.bot_id and w.chat_id = t.chat_id and w.topic = t.key
        union all
        select bot_id, chat_id, recipient, lane, kind, method,
               payload || jsonb_strip_nulls(jsonb_build_object('message_thread_id', thread_id)),
               topic, guard, dedup_key, correlation_id, policy, priority, paced, delay_seconds, ttl_seconds, place
        from wanted) m
    order by place
    on conflict (dedup_key) do nothing
    returning id, bot_id, coalesce(recipient, chat_id::text) as chat, lane, due_at, dedup_key, priority, paced
), opened as (
    insert into platform.lanes as l (bot_id, lane, chat, head_due, priority, paced)
    select distinct on (bot_id, lane) bot_id, lane, nullif(chat, lane), due_at, priority, paced
    from added
    order by bot_id, lane, id
    on conflict (bot_id, lane) do update
    set chat = excluded.chat, head_due = coalesce(l.head_due, excluded.head_due),
        priority = case when l.head_due is null then excluded.priority else least(l.priority, excluded.priority) end,
        paced = case when l.head_due is null then excluded.paced else l.paced end
), paced as (
    -- The chat's own lane, for its pace, when messages go by others; not locked when it is there.
    insert into platform.lanes (bot_id, lane)
    select distinct bot_id, chat
    from added a
    where not exists (select from added own where own.bot_id = a.bot_id and own.lane = a.chat)
    order by bot_id, chat
    on conflict (bot_id, lane) do nothing
)
select id, dedup_key from added;
