-- name: find_stored
select m.client_id, m.external_id
from json_to_recordset(%(rows)s::json) as g (client_id uuid, external_id text)
join support.messages m on m.client_id = g.client_id and m.external_id = g.external_id;

-- name: find_sent
-- What left, or may have left, of the newest messages of some conversations: a long one as several, called key#2, key#3…
-- What was written in a conversation that its customer left goes to them, too. What has an id left once, also if the gateway
-- failed it later. Of a message that is sent again just now id and echo are those of the time before.
select c.id as conversation_id, m.id as message_id, o.id as outbox_id, o.method, o.payload, o.external_id,
       coalesce(o.send_started_at, o.created_at) > clock_timestamp() - interval '10 minutes' as is_recent,
       o.state = 'sending' and o.redrives > 0 as is_sent_again, m.metadata -> 'echoes' ->> o.id::text as echo
from unnest(%(conversations)s::uuid[]) as c (id)
join support.conversations own on own.id = c.id
cross join lateral (
    select own.id
    union all
    select l.id
    from support.users u
    join support.conversations l on l.user_id = u.id
    where u.moved_to = own.user_id) w
cross join lateral (
    select n.id, n.role, n.content, n.metadata
    from support.messages n
    where n.conversation_id = w.id
    order by n.position desc
    limit 200) m
cross join lateral (
    select 'support/message/' || m.id || coalesce('#' || part, '') as key
    from generate_series(1, 1 + length(m.content) / 500) as number, nullif(number, 1) as part) k
join platform.outbox o on o.dedup_key = k.key
where m.role in ('assistant', 'manager', 'system') and o.recipient is not null
  and (o.state in ('sending', 'sent', 'unknown') or o.external_id is not null
       or (o.state = 'queued' and o.maybe_duplicate))
order by o.id;

-- name: record_echoes
update support.messages m
set metadata = jsonb_set(m.metadata, '{echoes}', coalesce(m.metadata -> 'echoes', '{}') || g.echoes)
from (
    select n.id, jsonb_object_agg(n.outbox_id, n.echo) as echoes
    from json_to_recordset(%(rows)s::json) as n (id uuid, outbox_id text, echo text)
    group by n.id) g
where m.id = g.id;
