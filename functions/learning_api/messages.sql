-- name: older
select id, seq, role, content, meta_json as meta, created_at
from learning.chat_messages
where thread_id = %(thread)s::uuid and seq < coalesce(%(before)s::bigint, 9223372036854775807)
order by seq desc
limit %(rows)s::int;

-- name: newer
select id, seq, role, content, meta_json as meta, created_at
from learning.chat_messages
where thread_id = %(thread)s::uuid and seq > %(after)s::bigint
order by seq
limit %(rows)s::int;
