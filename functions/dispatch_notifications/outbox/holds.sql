-- name: restore_topics
-- Telegram calls every topic gone while topics are off, and has them all again once they are on: creating them anew is
-- given up, their threads are remembered, and their messages are tried instead. A topic that is really gone is created
-- then.
with given_up as materialized (
    select l.bot_id, l.lane, h.id, t.id as topic_id
    from jsonb_to_recordset(%(refused)s::jsonb) as r (bot_id bigint, chat text, state text)
    join platform.lanes l
        on l.bot_id = r.bot_id and l.head_due is not null and (l.chat = r.chat or l.lane = r.chat and l.chat is null)
    cross join lateral (
        select o.id, o.state, o.method, o.chat_id, o.topic from platform.outbox o
        where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id limit 1) h
    join platform.topics t on t.bot_id = l.bot_id and t.chat_id = h.chat_id and t.key = h.topic
    where r.state = 'topics_off' and h.state = 'queued' and h.method = 'createForumTopic'
      and t.thread_id is null and t.former_thread_id is not null
    for update of l skip locked
), restored as (
    update platform.topics t
    set thread_id = t.former_thread_id, former_thread_id = null, generation = t.generation - 1
    from given_up g
    where t.id = g.topic_id
)
update platform.outbox o
set state = 'cancelled', finished_at = clock_timestamp()
from given_up g
where o.id = g.id;

-- name: hold
-- What waits with a message that was refused: the heads of the group's other lanes are due a little later than it is, so
-- that it alone is tried. All rows get the state as their class, and an hour or two more when their time would run out;
-- what is worth only some minutes expires as ever. A lane that somebody else holds finds out by itself.
with refused as (
    select r.bot_id, r.chat, r.lane, r.method, r.state, r.scope
    from jsonb_to_recordset(%(refused)s::jsonb) as r (
        bot_id bigint, chat text, lane text, method text, state text, scope text)
), held as materialized (
    select l.bot_id, l.lane, r.state, h.id, h.paced,
           greatest(h.due_at, clock_timestamp() + make_interval(
               secs => %(probe)s::float8 + case when l.lane = r.lane then 0 else 5 end)) as due_at
    from refused r
    join platform.lanes l
        on l.bot_id = r.bot_id and l.head_due is not null and (l.chat = r.chat or l.lane = r.chat and l.chat is null)
    cross join lateral (
        select o.id, o.due_at, o.method, o.state, o.chat_id, o.topic, o.paced from platform.outbox o
        where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id limit 1) h
    left join platform.topics t on t.bot_id = l.bot_id and t.chat_id = h.chat_id and t.key = h.topic
    where h.state = 'queued'
      and (l.lane = r.lane or case r.scope when 'chat' then true
                                           when 'topics' then starts_with(l.lane, r.chat || '/')
                                           when 'method' then h.method = r.method or (
                                               r.method = 'createForumTopic' and t.id is not null
                                               and t.thread_id is null)
                                           else false end)
    for update of l skip locked
), marked as (
    update platform.outbox o
    set error_class = h.state,
        due_at = case when o.id = h.id then h.due_at else o.due_at end,
        expires_at = case
            when o.expires_at < (select clock_timestamp()) + interval '1 hour'
                 and o.expires_at - o.created_at >= interval '1 hour'
                 and o.created_at > (select clock_timestamp()) - %(most)s::interval
            then clock_timestamp() + interval '2 hours' else o.expires_at end
    from held h
    where o.bot_id = h.bot_id and o.lane = h.lane and o.state = 'queued'
      and (o.id = h.id or o.error_class is distinct from h.state
           or o.expires_at < (select clock_timestamp()) + interval '1 hour')
)
update platform.lanes l
set head_due = h.due_at, paced = h.paced
from held h
where l.bot_id = h.bot_id and l.lane = h.lane;
