-- name: newest
select coalesce(max(session), 0) as session from dashboard.conversations;

-- name: copy
-- Sessions of (after, until] in the order of their ids, at most a batch. Written in one order, so that runs that overlap
-- wait for each other, and only where something is different.
with batch as materialized (
    select s.id, s.tenant_id, s.user_id::text as client_id, s.final_status = 'escalated' as escalated,
           coalesce(s.ended_at, s.started_at) as over_at,
           coalesce(nullif(s.meta ->> 'escalation_reason', ''), s.final_intent) as reason, s.final_status
    from public.conversation_sessions_v2 s
    where s.id > %(after)s::bigint and s.id <= coalesce(%(until)s::bigint, 9223372036854775807)
    order by s.id
    limit %(batch)s::int
), written as (
    insert into dashboard.conversations as c (session, tenant_id, client_id, status, escalated, escalated_at,
                                              escalation_reason, closed_at, closure_reason, last_message_at)
    select id, tenant_id, client_id, case when escalated then 'escalated' else 'resolved' end, escalated,
           case when escalated then over_at end, case when escalated then reason end,
           case when not escalated then over_at end, case when not escalated then final_status end, over_at
    from batch
    order by id
    on conflict (session) do update
    set tenant_id = excluded.tenant_id, client_id = excluded.client_id, status = excluded.status,
        escalated = excluded.escalated, escalated_at = excluded.escalated_at,
        escalation_reason = excluded.escalation_reason, closed_at = excluded.closed_at,
        closure_reason = excluded.closure_reason, last_message_at = excluded.last_message_at, updated_at = now()
    where (c.tenant_id, c.client_id, c.status, c.escalated, c.escalated_at, c.escalation_reason, c.closed_at,
           c.closure_reason, c.last_message_at)
        is distinct from (excluded.tenant_id, excluded.client_id, excluded.status, excluded.escalated,
                          excluded.escalated_at, excluded.escalation_reason, excluded.closed_at,
                          excluded.closure_reason, excluded.last_message_at)
    returning 1
)
select (select count(*) from batch) as sessions, (select max(id) from batch) as last,
       (select count(*) from written) as written;
