-- Participants of the school hear of sessions and events that are moved or cancelled; albums are kept whole; drafts have a term.
-- A school has some hundred sessions and events, and a dialog per person: building their indexes, and writing them anew, takes no time.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid, adding-field-with-default

-- What participants know of a session or an event: what the last run of remind_participants found. `told_version` counts what
-- they were told, so that each message of it is sent once. All null: nobody was told anything, for it is new.
alter table courses.sessions
    add column told_date date,
    add column told_time courses.local_time,
    add column told_cancelled boolean,
    add column told_version int not null default 0,
    add column is_untold boolean generated always as (
        (told_date, told_time, told_cancelled) is distinct from (start_date, start_time, cancelled_at is not null)) stored;
alter table courses.events
    add column told_date date,
    add column told_time courses.local_time,
    add column told_cancelled boolean,
    add column told_version int not null default 0,
    add column is_untold boolean generated always as (
        (told_date, told_time, told_cancelled) is distinct from (start_date, start_time, cancelled_at is not null)) stored;
update courses.sessions
set told_date = start_date, told_time = start_time, told_cancelled = cancelled_at is not null;
update courses.events
set told_date = start_date, told_time = start_time, told_cancelled = cancelled_at is not null;
create index sessions_untold on courses.sessions (id) where is_untold;
create index events_untold on courses.events (id) where is_untold;

-- Who hears of a change: whoever takes part, has an account, has agreed to being stored, and wants reminders of that kind.
create view courses.v_change_readers with (security_invoker = true) as
select r.kind, r.subject_id, r.user_id, u.telegram_id
from (
    select 'session'::courses.reminder_kind as kind, o.session_id as subject_id, o.user_id from courses.v_roster o
    union all
    select 'event', e.id, p.user_id from courses.events e cross join courses.participants p) r
join courses.users u on u.id = r.user_id and u.role = 'user'
where u.telegram_id is not null
  and not exists (select from courses.user_flags f where f.user_id = r.user_id and not f.notify_enabled)
  and not exists (select from courses.reminder_opt_outs x where x.user_id = r.user_id and x.kind = r.kind)
  and exists (
    select from courses.consents c
    where c.telegram_id = u.telegram_id and c.purpose = 'processing' and c.withdrawn_at is null);


-- An album is one material, or one broadcast: its first file stands where the only one does in a crm.db.
alter table courses.materials
    add column further_file_ids text[] not null default '{}' check (cardinality(further_file_ids) <= 9);

alter table courses.broadcasts
    add column further_file_ids text[] not null default '{}' check (cardinality(further_file_ids) <= 9);

-- By which dialogs that nobody goes on with are found. It is small, and costs next to nothing when a dialog is written.
create index dialogs_updated on courses.dialogs using brin (updated_at);


-- Rights -----------------------------------------------------------------------------------------------

grant select on courses.v_change_readers to fn_dispatch_notifications, fn_remind_participants, carillon_backup;
grant select (told_date, told_time, told_cancelled, told_version, is_untold), update (told_date, told_time, told_cancelled, told_version)
      on courses.sessions, courses.events to fn_remind_participants;
-- Staff see rows as they are, whatever columns they have.
grant select (told_date, told_time, told_cancelled, told_version, is_untold) on courses.sessions, courses.events
      to fn_telegram_webhook;
grant select (further_file_ids), insert (further_file_ids), update (further_file_ids) on courses.materials to fn_telegram_webhook;
grant select (further_file_ids), update (further_file_ids) on courses.broadcasts to fn_telegram_webhook;
grant select (ctid, updated_at), delete on courses.dialogs to fn_housekeeping;
grant select (ctid, status, confirmed_at, created_at), delete on courses.broadcasts to fn_housekeeping;
