-- Participants: who belongs to a session, signing up for healing sessions, absence announced ahead, who an account belongs to.

-- Who is on the roster of a session: whoever takes part with role user, in its stream and cohort (none: all). Staff are never in it.
create view courses.v_roster with (security_invoker = true) as
select s.id as session_id, p.user_id
from courses.sessions s
join courses.participants p on s.stream_id is null or s.stream_id = p.stream_id
join courses.users u on u.id = p.user_id and u.role = 'user'
    and (s.cohort_id is null or s.cohort_id = coalesce(p.cohort_id, u.cohort_id));


-- Healing sessions ----------------------------------------------------------------------------------

alter table courses.healing_sessions add column capacity int check (capacity >= 0);  -- null: for all who come

create type courses.signup_state as enum ('signed', 'waiting', 'offered', 'cancelled', 'expired');

-- One row per person and healing session. A place is taken by whoever is signed or was offered it until `offer_until`; who has
-- waited longest since `queued_at` is offered the next one. Whoever writes rows has locked their healing session before.
create table courses.healing_signups (
    id bigint generated always as identity primary key,
    healing_session_id bigint not null references courses.healing_sessions on delete cascade,
    user_id bigint not null references courses.users on delete cascade,
    state courses.signup_state not null,
    queued_at timestamptz not null default clock_timestamp(),
    offer_until timestamptz,
    version int not null default 0,            -- how many times the row has changed
    told_date date,                            -- when it begins, as the person was told last
    told_time courses.local_time,
    updated_at timestamptz not null default now(),
    unique (healing_session_id, user_id),
    check ((state = 'offered') = (offer_until is not null))
);
create index healing_signups_user on courses.healing_signups (user_id);
create index healing_signups_open on courses.healing_signups (healing_session_id, state, queued_at)
    where state in ('waiting', 'offered');
create trigger healing_signups_updated_at before update on courses.healing_signups
    for each row execute function platform.touch_updated_at();

-- Never overbooked: whoever takes a place waits for the lock of the healing session, and counts what was committed before.
create function courses.check_capacity() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    places int;
begin
    if tg_op = 'UPDATE' and old.state in ('signed', 'offered') then
        return new;
    end if;
    select h.capacity into places from courses.healing_sessions h where h.id = new.healing_session_id for update;
    if (select count(*) from courses.healing_signups s
        where s.healing_session_id = new.healing_session_id and s.state in ('signed', 'offered')) >= places then
        raise exception 'no place is left' using errcode = 'check_violation';
    end if;
    return new;
end $$;
revoke execute on function courses.check_capacity() from public;

create trigger healing_signups_capacity before insert or update of state on courses.healing_signups
    for each row when (new.state in ('signed', 'offered')) execute function courses.check_capacity();


-- Absence announced ahead ---------------------------------------------------------------------------

-- It marks nothing: whoever marks the session sees it beside the name.
create table courses.announced_absences (
    session_id bigint not null references courses.sessions on delete cascade,
    user_id bigint not null references courses.users on delete cascade,
    reason text check (reason <> ''),
    announced_at timestamptz not null default now(),
    primary key (session_id, user_id)
);
create index announced_absences_user on courses.announced_absences (user_id);


-- Whose account it is -------------------------------------------------------------------------------

create type courses.match_state as enum ('open', 'accepted', 'declined', 'withdrawn');

-- Somebody with an account that the school does not know says what it calls them; a curator says who that is.
create table courses.match_requests (
    id bigint generated always as identity primary key,
    telegram_id bigint not null check (telegram_id > 0),
    username text,
    written text not null check (written <> ''),
    state courses.match_state not null default 'open',
    created_at timestamptz not null default now(),
    decided_at timestamptz check ((state = 'open') = (decided_at is null)),
    decided_by bigint references courses.users on delete set null,
    user_id bigint references courses.users on delete cascade  -- who it is
);
create unique index match_requests_open on courses.match_requests (telegram_id) where state = 'open';
create index match_requests_account on courses.match_requests (telegram_id, created_at);
create index match_requests_created on courses.match_requests (created_at);
create index match_requests_user on courses.match_requests (user_id);
create index match_requests_decider on courses.match_requests (decided_by);


-- Rights --------------------------------------------------------------------------------------------

grant select on courses.v_roster to fn_telegram_webhook, carillon_backup;
grant select on courses.healing_signups, courses.announced_absences, courses.match_requests to carillon_backup;

-- An offer is looked at again when it is sent.
grant select (id, state, offer_until) on courses.healing_signups to fn_dispatch_notifications;

grant select (quiet_from, quiet_to) on courses.school to fn_telegram_webhook;
grant select (id, capacity) on courses.healing_sessions to fn_telegram_webhook;
grant select, insert (healing_session_id, user_id, state, told_date, told_time),
      update (state, queued_at, offer_until, version, told_date, told_time), delete
      on courses.healing_signups to fn_telegram_webhook;
grant select, insert (session_id, user_id), update (reason), delete on courses.announced_absences to fn_telegram_webhook;
grant select, insert (telegram_id, username, written), update (state, decided_at, decided_by, user_id)
      on courses.match_requests to fn_telegram_webhook;

-- Whoever leaves takes along what was kept of them elsewhere, too; there is no dialog then, nor an invitation of a payer.
grant select (source_table, source_row, reason, content), delete on courses.import_rejections to fn_telegram_webhook;
grant select (created_at), delete on courses.invitations to fn_telegram_webhook;
grant select (updated_at) on courses.dialogs to fn_telegram_webhook;
grant delete on courses.dialogs, courses.match_requests to fn_telegram_webhook;

grant select (ctid, created_at), delete on courses.match_requests to fn_housekeeping;
grant select on sequence courses.healing_signups_id_seq, courses.match_requests_id_seq to carillon_backup;
