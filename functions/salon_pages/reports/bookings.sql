-- name: find
-- Visits of days, and bookings made on them that have no time. What YClients has not confirmed was looked for and not found.
with timed as (
    select b.external_id, b.start_at, b.client_id, b.service_code, b.verified_at, b.status, b.attempts
    from dashboard.bookings b
    where b.tenant_id = %(tenant)s::uuid and b.start_at >= (%(begins)s::timestamptz[])[1]
      and b.start_at < (%(ends)s::timestamptz[])[cardinality(%(ends)s::timestamptz[])]
), untimed as (
    select b.external_id, b.start_at, b.client_id, b.service_code, b.verified_at, b.status, b.attempts
    from dashboard.bookings b
    where b.tenant_id = %(tenant)s::uuid and b.start_at is null and b.created_at >= (%(begins)s::timestamptz[])[1]
      and b.created_at < (%(ends)s::timestamptz[])[cardinality(%(ends)s::timestamptz[])]
), visits as materialized (
    select b.external_id, b.start_at, b.client_id, coalesce(b.service_code, '') as service, b.verified_at,
           case when b.status <> 'created' or b.verified_at is not null then b.status when b.attempts > 0 then 'unconfirmed'
                else 'unchecked' end as verdict
    from (select * from timed union all select * from untimed) b
), chosen as materialized (
    select v.*, count(*) over () as found
    from visits v
    where %(verdict)s::text is null or v.verdict = %(verdict)s::text
    order by v.verdict not in ('cancelled', 'no_show', 'unconfirmed'), v.start_at, v.external_id
    limit %(limit)s::int offset %(offset)s::int
)
select v.external_id, v.start_at at time zone %(timezone)s::text as start_at, coalesce(c.full_name, '') as client, v.service, v.verdict,
       v.verified_at at time zone %(timezone)s::text as verified_at, v.found
from chosen v
left join lateral (  -- one by one: Postgres expects few clients of a salon, and would read all there ever were
    select k.full_name
    from dashboard.v_clients k
    where k.tenant_id = %(tenant)s::uuid
      and k.id = case when v.client_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then v.client_id::uuid end
    limit 1) c on true
order by v.verdict not in ('cancelled', 'no_show', 'unconfirmed'), v.start_at, v.external_id;

-- name: month_begins
-- The months from that of `since` to that of `now`, and when they begin at the salon.
select g.month::date as month, dashboard.day_begins(g.month::date, %(timezone)s::text) as begins
from generate_series(date_trunc('month', %(since)s::date::timestamp), %(now)s::timestamptz at time zone %(timezone)s::text,
                     interval '1 month') as g (month)
order by g.month;

-- name: months
-- By the number of the month that a visit is in: a search among twelve instants is cheaper than to reckon each one's local date.
select v.month_number, count(*) as visits,
       count(*) filter (where v.status = 'completed') as completed,
       count(*) filter (where v.status = 'cancelled') as cancelled,
       count(*) filter (where v.status = 'no_show') as no_shows,
       count(*) filter (where v.is_unconfirmed) as unconfirmed,
       count(*) filter (where v.status in ('created', 'confirmed') and not v.is_unconfirmed) as open
from (select width_bucket(b.start_at, %(begins)s::timestamptz[]) as month_number, b.status,
             b.status = 'created' and b.verified_at is null and b.attempts > 0 as is_unconfirmed
      from dashboard.bookings b
      where b.tenant_id = %(tenant)s::uuid and b.start_at <= %(now)s::timestamptz
        and b.start_at >= (%(begins)s::timestamptz[])[1]) v
group by v.month_number
order by v.month_number desc;
