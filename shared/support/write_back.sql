-- name: lock
select h.id
from support.handovers h
where h.id in (
    select split_part(o.dedup_key, '/', 3)::uuid from platform.outbox o
    where o.id = any(%(ids)s::bigint[]) and o.dedup_key like 'support/handover/%%')
order by h.id
for update;

-- name: reminders
-- Marked when it was enqueued, so that nobody enqueues it twice; now the mark gets the time of sending. A reminder that was
-- not sent is not made up for: the next one comes.
update support.handovers h
set reminder_1_sent_at = case when o.dedup_key like '%%/reminder-1' then d.sent_at else h.reminder_1_sent_at end,
    reminder_2_sent_at = case when o.dedup_key like '%%/reminder-2' then d.sent_at else h.reminder_2_sent_at end
from (
    select id, case when state = 'sent' then finished_at end as sent_at
    from unnest(%(id)s::bigint[], %(kind)s::text[], %(state)s::text[], %(message_id)s::bigint[], %(error_class)s::text[],
                %(finished_at)s::timestamptz[]) as d (id, kind, state, message_id, error_class, finished_at)) d
join platform.outbox o on o.id = d.id
where h.id = split_part(o.dedup_key, '/', 3)::uuid;

-- name: closed_cards
-- Notes the message of each card; returns the handovers that are not pending any more, as their card still says.
with noted as (
    update support.handovers h
    set telegram_message_id = d.message_id
    from unnest(%(id)s::bigint[], %(kind)s::text[], %(state)s::text[], %(message_id)s::bigint[], %(error_class)s::text[],
                %(finished_at)s::timestamptz[]) as d (id, kind, state, message_id, error_class, finished_at)
    where h.outbox_id = d.id
    returning h.id, h.status
)
select id from noted where status <> 'pending';

-- name: deleted_cards
-- The handovers whose card is gone; a closed one needs none any more.
update support.handovers h
set telegram_message_id = null
from unnest(%(id)s::bigint[], %(kind)s::text[], %(state)s::text[], %(message_id)s::bigint[], %(error_class)s::text[],
            %(finished_at)s::timestamptz[]) as d (id, kind, state, message_id, error_class, finished_at)
join platform.outbox o on o.id = d.id
where h.id = split_part(o.dedup_key, '/', 3)::uuid and h.status in ('pending', 'active')
  and h.telegram_message_id = (o.payload ->> 'message_id')::bigint
returning h.id, o.payload ->> 'message_id' as gone;

-- name: undelivered
-- Replies that did not reach the client, and files of theirs that Telegram could not fetch. Of a long reply that became
-- several messages the first carries it; whichever is lost, it is lost once, and once more after each redrive.
select coalesce(w.id, o.id) || case when o.redrives > 0 then '/' || o.redrives else '' end as lost, d.kind, d.state,
       coalesce(d.error_class, '') as error_class,
       m.metadata -> 'media' ->> 'url' as url, m.correlation_id, u.id as user_id, u.name, u.phone, s.language, s.telegram_bot_id,
       s.telegram_chat_id::bigint as telegram_chat_id
from unnest(%(id)s::bigint[], %(kind)s::text[], %(state)s::text[], %(message_id)s::bigint[], %(error_class)s::text[],
            %(finished_at)s::timestamptz[]) as d (id, kind, state, message_id, error_class, finished_at)
join platform.outbox o on o.id = d.id
left join platform.outbox w on o.dedup_key like '%%#%%' and w.dedup_key = split_part(o.dedup_key, '#', 1)
join support.messages m on m.outbox_id = coalesce(w.id, o.id)
join support.conversations c on c.id = m.conversation_id
join support.users u on u.id = c.user_id
join support.client_settings s on s.client_id = c.client_id
where s.telegram_bot_id is not null and s.telegram_chat_id is not null
  and (d.kind in ('support/bot-reply', 'support/manager-reply')
       or (d.kind = 'support/in-topic' and d.state = 'dead' and m.metadata -> 'media' ->> 'url' is not null));
