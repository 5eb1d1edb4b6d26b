-- Who makes a backup (docs/operations.md). pg_dump refuses tables whose policies count for their owner, too, unless it
-- goes by the policies; then whoever dumps must be somebody to whom they show every row. `carillon_backup` reads all that is
-- ours and changes nothing. Whoever migrates may become it (set role), which is not to be it.
do $$
begin
    create role carillon_backup nologin;
exception when duplicate_object or unique_violation then
    null;
end $$;
do $$
begin
    execute format('grant carillon_backup to %I', current_user)
        || case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
end $$;

grant usage on schema platform, getcourse, support, dashboard, learning to carillon_backup;

-- A migration that makes a table, or a sequence, grants it, too; one with row level security gets the policy.
do $$
declare
    found record;
begin
    for found in
        with tables as (
            select c.oid, c.relrowsecurity
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p')
              and (n.nspname in ('platform', 'getcourse', 'support', 'dashboard', 'learning')
                   or (n.nspname = 'public' and (c.relname = 'carillon_version' or dashboard.ours(c.relname))))
        )
        select t.oid::regclass as name, t.relrowsecurity as has_policies from tables t
        union all
        select s.oid::regclass, false
        from pg_class s
        join pg_namespace n on n.oid = s.relnamespace
        where s.relkind = 'S'
          and (n.nspname in ('platform', 'getcourse', 'support', 'dashboard', 'learning') or exists (
              select from pg_depend d
              join tables t on t.oid = d.refobjid
              where d.classid = 'pg_class'::regclass and d.objid = s.oid and d.refclassid = 'pg_class'::regclass))
        order by 1
    loop
        execute format('grant select on %s to carillon_backup', found.name);
        if found.has_policies then
            execute format('create policy backup on %s for select to carillon_backup using (true)', found.name);
        end if;
    end loop;
end $$;

-- After a restore messages are set aside by hundreds: that is written down as what was done by hand is.
alter table platform.outbox_audits
    drop constraint outbox_audits_action_check,
    add constraint outbox_audits_action_check check (action in ('redrive', 'cancel', 'restore'));

-- Who is no superuser had given these away before their rights were set (0009_salon_views), so that everybody kept them.
set local role dashboard_keeper;
revoke execute on function dashboard.session_amounts(), dashboard.tenant_zones(), dashboard.follow_moved_chat() from public;
grant execute on function dashboard.session_amounts(), dashboard.tenant_zones() to authenticated, dashboard_reader;
reset role;
