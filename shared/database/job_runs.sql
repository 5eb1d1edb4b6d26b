-- name: record
with kept as (
    insert into platform.run_reports (correlation_id, function, started_at, finished_at, report)
    select %(correlation_id)s::text, %(function)s::text, clock_timestamp() - make_interval(secs => %(seconds)s::float8),
           clock_timestamp(), %(report)s::jsonb
    where %(is_kept)s::boolean
    on conflict do nothing
)
insert into platform.job_runs (function, started_at, finished_at, report, period_seconds)
values (%(function)s::text, clock_timestamp() - make_interval(secs => %(seconds)s::float8), clock_timestamp(),
        %(report)s::jsonb, %(period_seconds)s::integer)
on conflict (function) do update
set started_at = excluded.started_at, finished_at = excluded.finished_at, report = excluded.report,
    period_seconds = excluded.period_seconds;
