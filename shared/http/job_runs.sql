-- name: record
insert into platform.job_runs (function, started_at, finished_at, report)
values (%(function)s::text, clock_timestamp() - make_interval(secs => %(seconds)s::float8), clock_timestamp(),
        %(report)s::jsonb)
on conflict (function) do update
set started_at = excluded.started_at, finished_at = excluded.finished_at, report = excluded.report;
