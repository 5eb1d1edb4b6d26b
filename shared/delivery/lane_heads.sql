-- name: refresh
-- A statement of its own, with a fresh view of the rows.
update platform.lanes l
set head_due = h.due_at, priority = coalesce(h.priority, 1), paced = coalesce(h.paced, l.paced)
from unnest(%(bots)s::bigint[], %(lanes)s::text[]) as given (bot_id, lane)
left join lateral (
    select o.due_at, o.priority, o.paced from platform.outbox o
    where o.bot_id = given.bot_id and o.lane = given.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1) h on true
where l.bot_id = given.bot_id and l.lane = given.lane;
