-- name: apply
-- Of two that bring the same news one waits for the other's lock, and finds the message dead. A message that was redriven
-- does not count as sent until its new attempt ends, and then it has another id.
with failed as (
    select distinct on (bot_id, external_id) bot_id, external_id, error_class
    from json_to_recordset(%(failures)s::json) as f (bot_id bigint, external_id text, error_class text)
    order by bot_id, external_id
), locked as (
    select o.id, f.error_class
    from failed f
    join platform.outbox o on o.bot_id = f.bot_id and o.external_id = f.external_id
    where o.state = 'sent'
    order by o.id
    for update of o
)
update platform.outbox o
set state = 'dead', finished_at = clock_timestamp(), error_class = l.error_class, error_code = null
from locked l
where o.id = l.id;
