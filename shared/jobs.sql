-- name: start
insert into platform.job_runs (function, started_at)
values (%(function)s::text, clock_timestamp())
on conflict (function) do update set started_at = excluded.started_at, finished_at = null;

-- name: finish
update platform.job_runs set finished_at = clock_timestamp(), report = %(report)s::jsonb
where function = %(function)s::text;
