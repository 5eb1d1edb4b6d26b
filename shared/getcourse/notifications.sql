-- name: add
-- message_hash is unique for good: what a mentor was told once is not told again, whatever is reprocessed.
insert into getcourse.notifications (mentor_id, type, message, webhook_event_id, message_hash)
select n.mentor_id, n.type, n.message, n.event_id, n.message_hash
from unnest(%(mentor_id)s::bigint[], %(type)s::text[], %(message)s::text[], %(event_id)s::bigint[],
            %(message_hash)s::text[]) as n (mentor_id, type, message, event_id, message_hash)
on conflict (message_hash) do nothing
returning id, message_hash;

-- name: reserve
-- Ids for those that nobody made before, under today's hash or the former one.
select n.message_hash, nextval('getcourse.notifications_id_seq') as id
from unnest(%(message_hash)s::text[], %(former_hash)s::text[]) as n (message_hash, former_hash)
where not exists (
    select from getcourse.notifications o where o.message_hash = any(array[n.message_hash, n.former_hash])
    offset 0);

-- name: store
-- Each is written once, with the message that carries it: a row that was linked later would be written in full again,
-- with an entry in each index.
insert into getcourse.notifications (id, mentor_id, type, message, webhook_event_id, message_hash, outbox_id)
select n.id, n.mentor_id, n.type, n.message, n.event_id, n.message_hash, n.outbox_id
from unnest(%(id)s::bigint[], %(mentor_id)s::bigint[], %(type)s::text[], %(message)s::text[], %(event_id)s::bigint[],
            %(message_hash)s::text[], %(outbox_id)s::bigint[])
    as n (id, mentor_id, type, message, event_id, message_hash, outbox_id);

-- name: link
-- Which message carries which notifications, so that the sender can write back what became of it.
update getcourse.notifications n
set outbox_id = l.outbox_id
from unnest(%(notification_id)s::bigint[], %(outbox_id)s::bigint[]) as l (notification_id, outbox_id)
where n.id = l.notification_id;

-- name: write_back
update getcourse.notifications n
set status = case d.state when 'sent' then 'sent' when 'unknown' then 'unknown' when 'queued' then 'pending'
                          when 'cancelled' then 'cancelled' else 'failed' end,
    sent_at = case when d.state = 'sent' then d.finished_at end,
    telegram_message_id = d.message_id::text
from unnest(%(ids)s::bigint[], %(states)s::text[], %(message_ids)s::bigint[], %(finished)s::timestamptz[])
    as d (outbox_id, state, message_id, finished_at)
where n.outbox_id = d.outbox_id;
