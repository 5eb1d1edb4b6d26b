-- name: survey
-- What a selection means, in groups. Doubtful is what may have arrived. A message that creates a topic is not sent
-- again: the next message for the topic makes it, under the name that it has by then.
select b.name as bot, o.kind, o.state, o.error_class, count(*) as messages,
       count(*) filter (where o.state = 'unknown' or o.maybe_duplicate) as doubtful,
       min(o.created_at) as oldest, o.method = 'createForumTopic' as creates_topic, array_agg(o.id order by o.id) as ids
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where (%(ids)s::bigint[] is null or o.id = any(%(ids)s::bigint[]))
  and (%(states)s::text[] is null or o.state = any(%(states)s::text[]))
  and (%(error_class)s::text is null or o.error_class = %(error_class)s::text)
  and (%(system)s::text is null or split_part(o.kind, '/', 1) = %(system)s::text)
  and (%(kind)s::text is null or o.kind = %(kind)s::text)
  and (%(bot)s::text is null or b.name = %(bot)s::text)
  and (%(since)s::timestamptz is null or o.created_at >= %(since)s::timestamptz)
  and (%(ended_since)s::timestamptz is null or o.finished_at >= %(ended_since)s::timestamptz)
  and (%(until)s::timestamptz is null or o.created_at < %(until)s::timestamptz)
group by b.name, o.kind, o.state, o.error_class, creates_topic
order by count(*) desc, b.name, o.kind, o.state, o.error_class;

-- name: redrive_lanes
-- First the lanes, in the order in which everybody locks them. What housekeeping took away is made anew. Somebody
-- wants these chats to be written to: none stays blocked.
insert into platform.lanes as l (bot_id, lane, chat)
select distinct on (o.bot_id, w.lane) o.bot_id, w.lane, nullif(c.chat, w.lane)
from platform.outbox o
cross join lateral (select coalesce(o.recipient, o.chat_id::text) as chat) c
cross join lateral (values (o.lane), (c.chat)) w (lane)
where o.id = any(%(ids)s::bigint[]) and o.state in ('dead', 'unknown', 'cancelled')
order by o.bot_id, w.lane
on conflict (bot_id, lane) do update set chat = excluded.chat, blocked_at = null, blocked_class = null;

-- name: redrive
-- From the beginning, and with as much time as it had: since it was queued, or since somebody last redrove it.
with before as (
    select o.id, o.state = 'unknown' as doubted, coalesce(max(a.at), o.created_at) as began
    from platform.outbox o
    left join (
        select r.at, unnest(r.outbox_ids) as id from platform.outbox_audits r where r.action = 'redrive') a
        on a.id = o.id and o.redrives > 0
    where o.id = any(%(ids)s::bigint[])
    group by o.id
)
update platform.outbox o
set state = 'queued', attempt = 0, redrives = o.redrives + 1, due_at = now(), finished_at = null,
    expires_at = now() + (o.expires_at - b.began), maybe_duplicate = o.maybe_duplicate or b.doubted,
    error_class = null, error_code = null, error_text = null
from before b
where o.id = b.id and o.state in ('dead', 'unknown', 'cancelled') and o.method <> 'createForumTopic'
returning o.id, o.bot_id, o.lane, o.kind, o.state, o.message_id, o.finished_at;

-- name: cancel_lanes
-- First the lanes, in the order in which everybody locks them: nobody begins to send what is cancelled now.
select from platform.lanes l
join (select distinct o.bot_id, o.lane from platform.outbox o
      where o.id = any(%(ids)s::bigint[]) and o.state = 'queued') w
    on w.bot_id = l.bot_id and w.lane = l.lane
order by l.bot_id, l.lane
for update of l;

-- name: cancel
update platform.outbox o
set state = 'cancelled', finished_at = clock_timestamp(), error_class = 'by_hand', error_code = null
where o.id = any(%(ids)s::bigint[]) and o.state = 'queued'
returning o.id, o.bot_id, o.lane, o.kind, o.state, o.message_id, o.finished_at;

-- name: audit
insert into platform.outbox_audits (at, actor, action, selection, outbox_ids)
values (now(), %(actor)s::text || ' as ' || session_user, %(action)s::text, %(selection)s::jsonb, %(ids)s::bigint[]);
