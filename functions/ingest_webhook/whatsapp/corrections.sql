-- name: find_originals
-- By the gateway's id: of a message that came, or of one of ours that left by its API. Where the message stands in the
-- customer's topic: a copy that was sent there, or what a manager typed there. One index each.
select g.place, m.id, m.conversation_id, m.role, m.content, m.metadata, m.position,
       coalesce(t.message_id, (m.metadata ->> 'telegram_message_id')::bigint) as shown_as
from json_to_recordset(%(rows)s::json) as g (place int, client_id uuid, external_id text, bot_id bigint)
cross join lateral (
    select n.*
    from support.messages n
    where n.client_id = g.client_id and n.external_id = g.external_id
    union all
    select n.*
    from platform.outbox s
    join support.messages n on n.outbox_id = s.id and n.client_id = g.client_id
    where s.bot_id = g.bot_id and s.external_id = g.external_id
    limit 1) m
left join platform.outbox t on t.dedup_key = 'support/in-topic/' || m.id
order by g.place;

-- name: correct
update support.messages m
set content = g.content, metadata = g.metadata
from json_to_recordset(%(rows)s::json) as g (id uuid, content text, metadata jsonb)
where m.id = g.id;

-- name: read_again
-- A burst that the bot has not read, or reads just now: what it reads is what stands there in the end.
update support.conversations c
set answer_due_at = clock_timestamp() + make_interval(secs => g.gather_seconds)
from json_to_recordset(%(rows)s::json) as g (id uuid, position bigint, gather_seconds int)
where c.id = g.id and c.heard_position < g.position and c.answer_due_at is not null;
