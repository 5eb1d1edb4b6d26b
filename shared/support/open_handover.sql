-- name: open_handover
with opened as (
    insert into support.handovers (conversation_id, client_id, trigger_type, trigger_text, created_at, remind_at)
    values (%(conversation_id)s::uuid, %(client_id)s::uuid, %(trigger_type)s::text, %(trigger_text)s::text,
            %(created_at)s::timestamptz, %(remind_at)s::timestamptz)
    on conflict (conversation_id) where status in ('pending', 'active') do nothing
    returning id
), noted as (
    insert into support.handover_events (handover_id, event) select id, 'opened' from opened
)
select id from opened;
