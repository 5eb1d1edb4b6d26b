delete from platform.job_runs where function = 'remind_deadlines';

drop owned by fn_remind_deadlines;

do $$
begin
    execute format('drop role %I', 'fn_remind_deadlines');
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
