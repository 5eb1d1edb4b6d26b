-- name: release
-- What waited because of these states (null: of any) is due now: rows and lanes at the very same time.
with released as materialized (
    select l.bot_id, l.lane, h.id, clock_timestamp() as due_at
    from jsonb_to_recordset(%(cleared)s::jsonb) as c (bot_id bigint, chat text, state text)
    join platform.lanes l
        on l.bot_id = c.bot_id and l.head_due > (select clock_timestamp())
        and (l.chat = c.chat or l.lane = c.chat and l.chat is null)
    cross join lateral (
        select o.id, o.state, o.error_class from platform.outbox o
        where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id limit 1) h
    where h.state = 'queued' and h.error_class = any(%(states)s::text[])
      and (c.state is null or h.error_class = c.state)
    for update of l skip locked
), due as (
    update platform.outbox o
    set due_at = r.due_at
    from released r
    where o.id = r.id
)
update platform.lanes l
set head_due = r.due_at
from released r
where l.bot_id = r.bot_id and l.lane = r.lane;
