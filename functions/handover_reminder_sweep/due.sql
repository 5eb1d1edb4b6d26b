-- name: claim
-- What is due for longest, of conversations that nobody works on at this moment: theirs come with the next tick.
select h.id as handover_id, h.conversation_id, h.client_id, h.telegram_message_id
from support.handovers h
join support.conversations c on c.id = h.conversation_id
where h.remind_at <= now()
order by h.remind_at
limit %(batch)s::int
for update of c skip locked;

-- name: reschedule
update support.handovers h
set remind_at = d.remind_at
from unnest(%(ids)s::uuid[], %(moments)s::timestamptz[]) as d (id, remind_at)
where h.id = d.id and h.remind_at is not null;

-- name: postpone
update support.handovers
set remind_at = clock_timestamp() + interval '10 minutes'
where id = any(%(ids)s::uuid[]) and remind_at is not null;
