-- Users who have no e-mail, or no password, could not be kept by the release before this one.
delete from dashboard.users where email is null or encrypted_password is null;

drop table dashboard.page_sessions, dashboard.sign_in_links, dashboard.sign_in_attempts;
drop policy pages on dashboard.users;
drop policy pages_insert on dashboard.users;
drop policy pages_update on dashboard.users;
drop policy pages on dashboard.audits;
drop policy pages on dashboard.alerts;
drop policy pages on dashboard.tenant_settings;
drop policy pages_insert on dashboard.tenant_settings;
drop policy pages_update on dashboard.tenant_settings;
drop function dashboard.audit_addresses(bigint[]);
drop function dashboard.viewers_user();
drop index dashboard.users_reset, dashboard.users_telegram, dashboard.users_tenant;
alter table dashboard.users
    drop constraint users_reset_token, drop telegram_id, drop language,
    alter email set not null, alter encrypted_password set not null;
revoke select (id, user_id, tenant_id, actor, action, description, metadata, created_at) on dashboard.audits from authenticated;
grant select on dashboard.audits to authenticated;
revoke select (username) on platform.bots from dashboard_keeper;
revoke select (id, tenant_id, active), insert (role, tenant_id, first_name), update (updated_at)
    on dashboard.users from fn_telegram_webhook;

drop owned by fn_salon_pages;
do $$
begin
    execute format('drop role %I', 'fn_salon_pages');
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
