-- name: runs
select function, extract(epoch from clock_timestamp() - started_at)::float8 as age from platform.job_runs;
