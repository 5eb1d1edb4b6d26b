-- name: find
-- The dialogs of days, the newest first or, where `slow`, those in which the bot took longest. `found`: how many there are
-- without the limit. The response is measured as in figures.sql.
with chosen as materialized (
    select d.*, a.response_ms, count(*) over () as found
    from dashboard.dialogs(%(tenant)s::uuid, %(begins)s::timestamptz[], %(ends)s::timestamptz[]) d
    left join lateral (
        select case when count(*) > 0 then
                   least(round(avg(extract(epoch from h.answered_at - h.created_at) * 1000)), 2147483647)::int end as response_ms
        from (select r.role, r.created_at,
                     min(r.created_at) filter (where r.role = 'assistant') over (
                         order by r.created_at desc, r.id desc rows unbounded preceding) as answered_at
              from dashboard.v_history r
              where r.session_id = d.session_id and r.tenant_id = %(tenant)s::uuid) h
        where h.role = 'user' and h.answered_at is not null) a on %(slow)s::boolean
    where (%(ending)s::text is null or d.ending = %(ending)s::text)
      and (%(step)s::text is null or d.step = %(step)s::text)
      and (%(channel)s::text is null or d.channel = %(channel)s::text)
      and (%(is_booked)s::boolean is null or (d.booking_id is not null) = %(is_booked)s::boolean)
      and (%(service)s::text is null or %(service)s::text = any(d.services))
      and (not %(slow)s::boolean or a.response_ms is not null)
    order by a.response_ms desc, d.started_at desc, d.id desc
    limit %(limit)s::int offset %(offset)s::int
)
select d.id, d.started_at at time zone %(timezone)s::text as started_at, coalesce(c.full_name, '') as client, d.channel,
       d.status, d.ending, d.step, d.booking_id, d.services, m.amount, m.currency, d.messages,
       coalesce(d.summary, '') as summary, d.response_ms, d.found
from chosen d
left join lateral (
    select k.full_name from dashboard.v_clients k where k.id = d.user_id and k.tenant_id = %(tenant)s::uuid limit 1) c on true
left join dashboard.session_money(%(tenant)s::uuid, (%(begins)s::timestamptz[])[1],
                                  (%(ends)s::timestamptz[])[cardinality(%(ends)s::timestamptz[])]) m on m.id = d.id
order by d.response_ms desc, d.started_at desc, d.id desc;

-- name: load
select d.id, d.started_at at time zone %(timezone)s::text as started_at, coalesce(c.full_name, '') as client, d.channel,
       d.status, d.ending, d.step, d.booking_id, d.services, m.amount, m.currency, d.messages,
       coalesce(d.summary, '') as summary, null::int as response_ms
from dashboard.v_sessions s
cross join lateral dashboard.dialogs(%(tenant)s::uuid, array[s.started_at], array[s.started_at + interval '1 microsecond']) d
left join lateral (
    select k.full_name from dashboard.v_clients k where k.id = d.user_id and k.tenant_id = %(tenant)s::uuid limit 1) c on true
left join lateral dashboard.session_money(
    %(tenant)s::uuid, s.started_at, s.started_at + interval '1 microsecond') m on m.id = d.id
where s.id = %(id)s::bigint and s.tenant_id = %(tenant)s::uuid and d.session_id = s.session_id;

-- name: messages
select h.role, h.created_at at time zone %(timezone)s::text as at, h.message as text
from dashboard.v_sessions s
join dashboard.v_history h on h.session_id = s.session_id and h.tenant_id = s.tenant_id
where s.id = %(id)s::bigint and s.tenant_id = %(tenant)s::uuid
order by h.created_at, h.id
limit %(limit)s::int;
