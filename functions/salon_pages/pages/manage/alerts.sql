-- name: find
-- With the message that shows it, to whichever chat it went.
select a.id, a.kind, a.severity, coalesce(o.payload ->> 'text', a.description, a.kind) as text, s.bot_id,
       coalesce(s.language, 'ru') as language, coalesce(o.chat_id, s.chat_id) as chat_id, o.message_id, now() as now
from dashboard.alerts a
left join dashboard.tenant_settings s on s.tenant_id = a.tenant_id
left join platform.outbox o on o.id = a.outbox_id
where a.id = %(id)s::bigint and a.tenant_id = %(tenant)s::uuid;

-- name: acknowledge
-- The first one only.
update dashboard.alerts
set acknowledged_at = now(), acknowledged_by = %(name)s::text, updated_at = now()
where id = %(id)s::bigint and acknowledged_at is null
returning id;
