create or replace view platform.v_unparsed with (security_invoker = true) as
select i.id, s.provider, s.name as source, i.reason, i.content_type, i.received_at, i.correlation_id,
       octet_length(i.query) + octet_length(i.body) as bytes
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id;
alter table platform.inbox drop column dismissed_because, drop column dismissed_at;
alter table platform.webhook_sources drop column paused_at;
