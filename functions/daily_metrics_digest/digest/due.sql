-- name: due
-- Active salons whose local digest hour has passed, and what yesterday was there: the date of the moment before today
-- began, as a zone that crosses the date line leaves a date out. Those without a bot or a chat are due until their metrics
-- are there, and after all others. Almaty stands in for a zone that Postgres does not know (`unknown_zone`).
with salons as materialized (
    select t.id as tenant_id, s.digest_hour,
           s.timezone as given, s.timezone in (select name from pg_catalog.pg_timezone_names) as known,
           s.bot_id is not null and s.chat_id is not null as addressed
    from public.tenants_v2 t
    left join dashboard.tenant_settings s on s.tenant_id = t.id
    where t.is_active
), clocks as materialized (
    select *, %(now)s::timestamptz at time zone timezone as local
    from (select *, case when known then given else 'Asia/Almaty' end as timezone from salons) s
), yesterdays as materialized (
    select *, ((dashboard.day_begins(local::date, timezone) - interval '1 microsecond') at time zone timezone)::date as day
    from clocks
)
select y.tenant_id, y.timezone, y.day, case when not y.known then y.given end as unknown_zone
from yesterdays y
left join dashboard.metrics_dailies m on m.tenant_id = y.tenant_id and m.day = y.day
where extract(hour from y.local) >= coalesce(y.digest_hour, 9)
  and (m.id is null or (y.addressed and m.digest_outbox_id is null and m.digest_sent_at is null))
order by y.addressed desc, y.tenant_id;
