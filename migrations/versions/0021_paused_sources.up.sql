-- A source that is paused is answered as ever. What it brings is kept unread, and read when it is resumed. Code that does
-- not know the column reads what comes at once, as before.
alter table platform.webhook_sources add column paused_at timestamptz;

-- Deliveries that a person looked at and does not need: they stay, and are counted and replayed no more.
alter table platform.inbox
    add column dismissed_at timestamptz,
    add column dismissed_because text,
    add check ((dismissed_at is null) = (dismissed_because is null));

create or replace view platform.v_unparsed with (security_invoker = true) as
select i.id, s.provider, s.name as source, i.reason, i.content_type, i.received_at, i.correlation_id,
       octet_length(i.query) + octet_length(i.body) as bytes
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.dismissed_at is null;
