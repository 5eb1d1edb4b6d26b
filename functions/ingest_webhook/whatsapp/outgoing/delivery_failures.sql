-- name: keep
-- A statement before the messages are ended: one that gets its id between the two is ended, and the dispatcher, which asks
-- for what was kept, finds nothing left to do.
insert into platform.delivery_failures (bot_id, external_id, error_class)
select f.bot_id, f.external_id, f.error_class
from json_to_recordset(%(failures)s::json) as f (bot_id bigint, external_id text, error_class text)
left join lateral (
    select o.state from platform.outbox o where o.bot_id = f.bot_id and o.external_id = f.external_id limit 1) o on true
where o.state is null or o.state = 'sent'
order by f.bot_id, f.external_id
on conflict (bot_id, external_id) do nothing
returning bot_id, external_id;
