drop owned by fn_daily_metrics_digest, fn_verify_bookings;
drop schema dashboard cascade;

do $$
declare
    one text;
begin
    foreach one in array array['fn_daily_metrics_digest', 'fn_verify_bookings'] loop
        begin
            execute format('drop role %I', one);
        exception when dependent_objects_still_exist then
            null;  -- another database of this cluster still uses it
        end;
    end loop;
end $$;
