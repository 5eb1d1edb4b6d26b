-- name: newest
select coalesce(max(session), 0) as session from dashboard.conversations;

-- name: copy
-- Sessions of (after, until] in the order of their ids, at most a batch. Compared before anything is written, as a conflict
-- locks its row even where nothing is different; written in one order, so that runs that overlap wait for each other.
with batch as materialized (
    select s.id, s.tenant_id, s.client_id, s.escalated, case when s.escalated then 'escalated' else 'resolved' end as status,
           case when s.escalated then s.over_at end as escalated_at, case when s.escalated then s.reason end as escalation_reason,
           case when not s.escalated then s.over_at end as closed_at,
           case when not s.escalated then s.final_status end as closure_reason, s.over_at as last_message_at
    from (
        select id, tenant_id, user_id::text as client_id, final_status,
               final_status is not distinct from 'escalated' as escalated,
               coalesce(ended_at, started_at) as over_at,
               coalesce(nullif(meta ->> 'escalation_reason', ''), final_intent) as reason
        from public.conversation_sessions_v2
        where id > %(after)s::bigint and id <= coalesce(%(until)s::bigint, 9223372036854775807)
        order by id
        limit %(batch)s::int) s
), known as materialized (
    select session, tenant_id, client_id, escalated, status, escalated_at, escalation_reason, closed_at, closure_reason,
           last_message_at
    from dashboard.conversations
    where session > %(after)s::bigint and session <= (select max(id) from batch)
), written as (
    insert into dashboard.conversations as c (session, tenant_id, client_id, escalated, status, escalated_at,
                                              escalation_reason, closed_at, closure_reason, last_message_at)
    select * from (select * from batch except select * from known) different
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
