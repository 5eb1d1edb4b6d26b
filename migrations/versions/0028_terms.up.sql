-- Terms of what belongs to a person (functions/housekeeping/terms.py): who may end it, and how it is found without a scan.

-- Rights --------------------------------------------------------------------------------------------------

-- Column by column: housekeeping sees when something was, and hardly ever what. It empties what it may not delete.
grant usage on schema support, dashboard to fn_housekeeping;
grant select (id, received_at, dismissed_at), delete on platform.inbox to fn_housekeeping;
grant select (key), delete on platform.topics to fn_housekeeping;
grant select (id, created_at, processed, raw_payload, raw_body), update (raw_payload, raw_body), delete
    on getcourse.webhook_events to fn_housekeeping;
grant select (id, created_at), delete on getcourse.account_events to fn_housekeeping;
grant select (id, created_at, status, message), update (message), delete on getcourse.notifications to fn_housekeeping;
grant select (id, created_at), delete on support.messages to fn_housekeeping;
grant select (id, created_at, trigger_text), update (trigger_text) on support.handovers to fn_housekeeping;
grant select (id, user_id, last_message_at), delete on support.conversations to fn_housekeeping;
grant select (id), delete on support.users to fn_housekeeping;
grant select (id, user_id, updated_at), delete on learning.track_sessions to fn_housekeeping;
grant select (id, session_id, last_seq) on learning.chat_threads to fn_housekeeping;
grant select (thread_id, seq, created_at) on learning.chat_messages to fn_housekeeping;
grant select (session_id, updated_at) on learning.synopses to fn_housekeeping;
grant select (id, updated_at), delete on learning.users to fn_housekeeping;
grant select (id, session, last_message_at), delete on dashboard.conversations to fn_housekeeping;
grant select (id, created_at), delete on dashboard.bookings to fn_housekeeping;
grant select (id, triggered_at, resolved_at), delete on dashboard.alerts to fn_housekeeping;
grant select (id, created_at), delete on dashboard.audits to fn_housekeeping;
create policy housekeeping on dashboard.conversations to fn_housekeeping using (true);
create policy housekeeping on dashboard.bookings to fn_housekeeping using (true);
create policy housekeeping on dashboard.alerts to fn_housekeeping using (true);
create policy housekeeping on dashboard.audits to fn_housekeeping using (true);

-- `carillon salon forget` finds a client by any address, as the keeper of that schema, who deletes what is ours.
grant select (id, tenant_id, phone, whatsapp_id, telegram_chat_id, yclients_client_id) on public.clients_v2 to dashboard_keeper;

-- `carillon terms` counts as housekeeping would, so that row level security hides nothing from it. Where somebody else made
-- the roles of this cluster, whoever migrates may not give them; then the command says who can.
do $$
begin
    execute format('grant fn_housekeeping to %I', current_user)
        || case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
exception when insufficient_privilege then
    null;
end $$;


-- Gateways' keys in the inbox -----------------------------------------------------------------------------

-- From now on they are taken out before a delivery is kept (functions/ingest_webhook/secret_fields.py). latin1 has a letter
-- for every byte but NUL, so whatever cannot be read stays as it was; what has a NUL, or its JSON in a string, stays for the
-- rest of its 90 days.
update platform.inbox i
set body = convert_to(regexp_replace(
        convert_from(i.body, 'latin1'),
        '("(apikey|api_key|token|access_token|secret|password|authorization)"\s*:\s*)"([^"\\]|\\.)*"', '\1""', 'gi'), 'latin1')
where case when position('\x00'::bytea in i.body) = 0
           then convert_from(i.body, 'latin1') ~* '"(apikey|api_key|token|access_token|secret|password|authorization)"\s*:\s*"'
      end;
