-- name: has_news
select exists (select from platform.delivery_failures) as has_news;

-- name: take
-- What concerns a message that has its id by now, and what nobody has asked for in a quarter of an hour: the status of a
-- message that somebody else sent by the same account.
with taken as (
    select f.bot_id, f.external_id
    from platform.delivery_failures f
    left join lateral (
        select o.id from platform.outbox o where o.bot_id = f.bot_id and o.external_id = f.external_id limit 1) o on true
    where o.id is not null or f.received_at < (select clock_timestamp()) - interval '15 minutes'
    order by f.bot_id, f.external_id
    for update of f skip locked
)
delete from platform.delivery_failures f
using taken t
where f.bot_id = t.bot_id and f.external_id = t.external_id
returning f.bot_id, f.external_id, f.error_class;

-- name: ended
select o.id, o.bot_id, o.kind, o.state, o.message_id, o.error_class, o.finished_at, o.correlation_id
from json_to_recordset(%(failures)s::json) as f (bot_id bigint, external_id text, error_class text)
join platform.outbox o on o.bot_id = f.bot_id and o.external_id = f.external_id
where o.state = 'dead' and o.error_class = f.error_class
order by o.id;
