-- name: count
with counted as (
    select c.id, c.replies_since > clock_timestamp() - interval '1 hour' as is_running
    from support.conversations c
    where c.id = %(conversation_id)s::uuid
)
update support.conversations c
set replies = case when n.is_running is not true then 1
                   when c.replies >= %(max)s::int then 0
                   else c.replies + 1 end,
    replies_since = case when n.is_running then c.replies_since else clock_timestamp() end
from counted n
where c.id = n.id
returning c.replies = 0 as is_used_up, c.replies_since + interval '1 hour' as until;
