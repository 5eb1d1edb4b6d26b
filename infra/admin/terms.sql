-- name: become_housekeeping
select set_config('role', 'fn_housekeeping', true);
