-- All addresses by which gateways name a customer. One person has several: the phone, Meta's business-scoped ids
-- (`KZ.9000…`), a hidden number (`…@lid`). users.remote_jid stays the best of them, for code from before this table.
create table support.addresses (
    client_id uuid not null,
    address text not null,
    -- Checked at commit: an address is claimed before its user is written, so that two requests with the same new
    -- customer meet at the address, in one order, whichever of the addresses each of them knows.
    user_id uuid not null references support.users on delete cascade deferrable initially deferred,
    -- Whom to write to: the phone, else a business-scoped id, else a hidden number; of several the newest.
    preference smallint not null generated always as (
        case when address like '%@s.whatsapp.net' then 0 when address like '%@lid' then 2 else 1 end) stored,
    last_seen_at timestamptz not null default clock_timestamp(),
    primary key (client_id, address)
);
create index addresses_user on support.addresses (user_id, preference, last_seen_at desc);

insert into support.addresses (client_id, address, user_id, last_seen_at)
select client_id, remote_jid, id, last_active_at from support.users;

-- Code from before this table inserts customers without it.
create function support.remember_address() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    insert into support.addresses (client_id, address, user_id)
    values (new.client_id, new.remote_jid, new.id)
    on conflict (client_id, address) do nothing;
    return new;
end $$;
revoke execute on function support.remember_address() from public;
create trigger users_remember_address after insert on support.users
for each row execute function support.remember_address();

-- Who turned out to be somebody that we had under another address goes on as that one. Nothing is deleted: what is
-- written in the abandoned topic goes to the addresses of the other.
alter table support.users add column moved_to uuid references support.users on delete set null;
create index users_moved_to on support.users (moved_to);

grant select, insert, update, delete on support.addresses to fn_ingest_webhook;
grant select on support.addresses to fn_answer_conversations, fn_handover_reminder_sweep, fn_telegram_webhook;
-- Which account was written to is compared with the desk's own.
grant select (address) on platform.bots to fn_ingest_webhook;
