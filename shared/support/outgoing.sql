-- name: link_cards
update support.handovers h
set outbox_id = l.outbox_id
from unnest(%(rows)s::uuid[], %(outbox_ids)s::bigint[]) as l (id, outbox_id)
where h.id = l.id;

-- name: link_messages
update support.messages m
set outbox_id = l.outbox_id
from unnest(%(rows)s::uuid[], %(outbox_ids)s::bigint[]) as l (id, outbox_id)
where m.id = l.id;
