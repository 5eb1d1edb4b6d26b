drop schema platform cascade;

do $$
declare
    function_role text;
begin
    foreach function_role in array array['fn_ingest_webhook', 'fn_dispatch_notifications', 'fn_housekeeping', 'fn_remind_courses'] loop
        begin
            execute format('drop role %I', function_role);
        exception when dependent_objects_still_exist then
            null;  -- another database of this cluster still uses it
        end;
    end loop;
end $$;
