-- name: store_unparsed
insert into platform.inbox (source_id, correlation_id, reason, content_type, query, body, delivery_hash)
select a.source_id, a.correlation_id, a.reason, a.content_type, decode(a.query, 'base64'), decode(a.body, 'base64'),
       decode(a.delivery_hash, 'hex')
from json_to_recordset(%(rows)s::json) as a (
    source_id bigint, correlation_id text, reason text, content_type text, query text, body text, delivery_hash text)
on conflict (source_id, delivery_hash) do nothing;
