-- name: clock
select clock_timestamp() as now;
