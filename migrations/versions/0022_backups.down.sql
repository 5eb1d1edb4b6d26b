delete from platform.outbox_audits where action = 'restore';
alter table platform.outbox_audits
    drop constraint outbox_audits_action_check,
    add constraint outbox_audits_action_check check (action in ('redrive', 'cancel'));

do $$
declare
    found record;
begin
    for found in select p.polrelid::regclass as name from pg_policy p where p.polname = 'backup' loop
        execute format('drop policy backup on %s', found.name);
    end loop;
    for found in
        select c.oid::regclass as name, c.relkind as kind
        from pg_class c
        cross join aclexplode(c.relacl) a
        where a.grantee = 'carillon_backup'::regrole
    loop
        execute format('revoke all on %s %s from carillon_backup', case found.kind when 'S' then 'sequence' else 'table' end,
                       found.name);
    end loop;
end $$;
revoke usage on schema platform, getcourse, support, dashboard, learning from carillon_backup;

do $$
begin
    drop role carillon_backup;
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
