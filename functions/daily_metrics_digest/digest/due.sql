-- name: due
-- Active salons whose local digest hour has passed, and what yesterday was there: the date of the moment before today
-- began, as a zone that crosses the date line leaves a date out. Those without a bot or a chat are due until their metrics
-- are there, and after all others. Almaty stands in for a zone that Postgres does not know (`unknown_zone`).
-- Clocks are those of zones, and days are read by day: hardly anything is asked for each salon.
with salons as materialized (
    select t.id as tenant_id, s.digest_hour, coalesce(s.timezone, 'Asia/Almaty') as given,
           s.bot_id is not null and s.chat_id is not null as addressed
    from public.tenants_v2 t
    left join dashboard.tenant_settings s on s.tenant_id = t.id
    where t.is_active
), zones as materialized (
    -- The catalog of all zones opens a thousand files; it is needed for names that do not look like those of a place: Postgres
    -- knows rules ('UTC+5') and abbreviations, too, and names in any case.
    select z.given, case
               when z.given ~ '^[A-Z][a-z]+(/[A-Z][a-z]+(_[A-Z][a-z]+)*)+$' then dashboard.known_zone(z.given) = z.given
               else z.given in (select name from pg_catalog.pg_timezone_names) end as known
    from (select distinct given from salons) z
), clocks as materialized (
    select *, %(now)s::timestamptz at time zone timezone as local
    from (select *, case when known then given else 'Asia/Almaty' end as timezone from zones) z
), yesterdays as materialized (
    select *, ((dashboard.day_begins(local::date, timezone) - interval '1 microsecond') at time zone timezone)::date as day
    from clocks
), metrics as materialized (
    select m.id, m.tenant_id, m.day, m.digest_outbox_id, m.digest_sent_at
    from dashboard.metrics_dailies m
    where m.day = any(array(select day from yesterdays))
)
select s.tenant_id, y.timezone, y.day, case when not y.known then y.given end as unknown_zone
from salons s
join yesterdays y on y.given = s.given
left join metrics m on m.tenant_id = s.tenant_id and m.day = y.day
where extract(hour from y.local) >= coalesce(s.digest_hour, 9)
  and (m.id is null or (s.addressed and m.digest_outbox_id is null and m.digest_sent_at is null))
order by s.addressed desc, s.tenant_id;
