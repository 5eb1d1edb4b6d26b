-- name: find
-- The alert, if it is of a salon of this bot, in the salon's chat or in the one to which it was sent (the bot's tables may
-- name that); any chat, where the press names none. The text and the place are those of its last message.
select a.id, a.acknowledged_at, a.acknowledged_by, coalesce(o.payload ->> 'text', a.description, a.kind) as text,
       s.language, s.timezone, coalesce(o.chat_id, s.chat_id) as chat_id, o.message_id
from dashboard.alerts a
join dashboard.tenant_settings s on s.tenant_id = a.tenant_id
left join platform.outbox o on o.id = a.outbox_id
where a.id = %(id)s::bigint and s.bot_id = %(bot_id)s::bigint
  and (%(chat_id)s::bigint is null or s.chat_id = %(chat_id)s::bigint or o.chat_id = %(chat_id)s::bigint
       or s.chat_id = any(select m.chat_id from platform.chat_moves m
                         where m.bot_id = s.bot_id and m.new_chat_id = %(chat_id)s::bigint));

-- name: acknowledge
-- The first one only, with its line in the audit.
with acknowledged as (
    update dashboard.alerts
    set acknowledged_at = now(), acknowledged_by = %(name)s::text, updated_at = now()
    where id = %(id)s::bigint and acknowledged_at is null
    returning id, tenant_id, kind, severity
)
insert into dashboard.audits (tenant_id, actor, action, description, metadata)
select tenant_id, %(actor)s::text, 'acknowledge_alert', kind || ' (' || severity || ')',
       jsonb_build_object('alert_id', id, 'telegram_id', %(telegram_id)s::bigint)
from acknowledged;
