-- name: due
-- Active salons whose local digest hour has passed, and what yesterday was there: the date of the moment before today
-- began, as a zone that crosses the date line leaves a date out. Those without a bot or a chat are due until their metrics
-- are there, and after all others. A zone that Postgres does not know breaks nobody else: `day` is null.
with salons as materialized (
    select t.id as tenant_id, s.digest_hour,
           coalesce(s.timezone, 'Asia/Almaty') as timezone,
           s.bot_id is not null and s.chat_id is not null as addressed
    from public.tenants_v2 t
    left join dashboard.tenant_settings s on s.tenant_id = t.id
    where t.is_active
), clocks as materialized (
    select *, case when known then %(now)s::timestamptz at time zone timezone end as local
    from (select *, timezone in (select name from pg_catalog.pg_timezone_names) as known from salons) s
), yesterdays as materialized (
    select *, ((dashboard.day_begins(local::date, timezone) - interval '1 microsecond') at time zone timezone)::date as day
    from clocks
)
select y.tenant_id, y.timezone, y.day
from yesterdays y
left join dashboard.metrics_dailies m on m.tenant_id = y.tenant_id and m.day = y.day
where y.day is null
   or (extract(hour from y.local) >= coalesce(y.digest_hour, 9)
       and (m.id is null or (y.addressed and m.digest_outbox_id is null and m.digest_sent_at is null)))
order by y.addressed desc, y.tenant_id;
