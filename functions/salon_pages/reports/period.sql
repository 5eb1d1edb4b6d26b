-- name: clock
-- At `now`; null: as it is.
select n.instant, n.instant at time zone %(timezone)s::text as now
from (select coalesce(%(now)s::timestamptz, now()) as instant) n;

-- name: days
-- The salon's days from `first` to `last`. One that was counted keeps its bounds, whatever zone the salon has by now, and
-- the next one begins where it ended, as in the statement that counts for the digest.
with counted as materialized (
    select m.day, m.begins_at, m.ends_at
    from dashboard.metrics_dailies m
    where m.tenant_id = %(tenant)s::uuid and m.day between %(first)s::date - 1 and %(last)s::date + 1
), days as (
    select w.day,
           coalesce(own.begins_at, before.ends_at,
                    greatest(dashboard.day_begins(w.day, %(timezone)s::text),
                             (select m.ends_at from dashboard.metrics_dailies m
                              where m.tenant_id = %(tenant)s::uuid and m.day < w.day
                              order by m.day desc limit 1))) as begins,
           coalesce(own.ends_at, after.begins_at, dashboard.day_begins(w.day + 1, %(timezone)s::text)) as ends
    from (select g::date as day from generate_series(%(first)s::date::timestamp, %(last)s::date::timestamp, interval '1 day') g) w
    left join counted own on own.day = w.day
    left join counted before on before.day = w.day - 1
    left join counted after on after.day = w.day + 1
)
select day, begins, ends from days where begins < ends order by day;
