-- name: write
with given as materialized (
    select d.*
    from jsonb_to_recordset(%(updates)s::jsonb) as d (
        conversation_id uuid, handover_id uuid, bot_status text, bot_muted_until timestamptz, no_count int, status text,
        event text, actor text, actor_id bigint, answered boolean, remind_at timestamptz)
), spoken as (
    update support.conversations c
    set bot_status = d.bot_status, bot_muted_until = d.bot_muted_until, no_count = coalesce(d.no_count, c.no_count)
    from given d
    where c.id = d.conversation_id
), moved as (
    update support.handovers h
    set status = coalesce(d.status, h.status),
        assigned_to_name = case when d.event = 'taken' then d.actor else h.assigned_to_name end,
        assigned_to_id = case when d.event = 'taken' then d.actor_id else h.assigned_to_id end,
        first_response_at = case when d.answered then coalesce(h.first_response_at, clock_timestamp())
                                 else h.first_response_at end,
        resolved_at = case when d.status in ('resolved', 'bot_handling', 'timeout') then clock_timestamp()
                           else h.resolved_at end,
        closed_by_name = case when d.status in ('resolved', 'bot_handling') then d.actor else h.closed_by_name end,
        joined = h.joined + (d.event is not distinct from 'joined')::int,
        reminder_1_sent_at = case when d.event = 'reminder_1' then clock_timestamp() else h.reminder_1_sent_at end,
        reminder_2_sent_at = case when d.event = 'reminder_2' then clock_timestamp() else h.reminder_2_sent_at end,
        remind_at = case when coalesce(d.status, h.status) <> 'pending' then null
                         when d.event in ('reminder_1', 'reminder_2') then d.remind_at else h.remind_at end
    from given d
    where h.id = d.handover_id and (d.event is not null or d.answered)
)
insert into support.handover_events (handover_id, event, actor)
select handover_id, event, actor from given where event is not null;
