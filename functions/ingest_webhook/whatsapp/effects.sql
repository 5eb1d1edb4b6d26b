-- name: schedule_answers
-- An answer is due when the customer pauses, yet a burst that has waited for half a minute is not put off any more.
update support.conversations c
set status = 'open', last_message_at = greatest(c.last_message_at, g.wrote_at), no_count = g.no_count,
    answer_due_at = case
        when c.answer_due_at is not null and (
            select m.created_at from support.messages m
            where m.conversation_id = c.id and m.position > c.heard_position and m.role = 'user'
              and not m.metadata ? 'late' and m.metadata ->> 'kind' <> all (%(silent)s::text[])
            order by m.position
            limit 1
        ) < g.now - interval '30 seconds' then c.answer_due_at
        else g.now + make_interval(secs => g.gather_seconds) end
from json_to_recordset(%(rows)s::json) as g (
    id uuid, now timestamptz, wrote_at timestamptz, no_count int, gather_seconds int)
where c.id = g.id;
