-- System 1: GetCourse answers, the mentors who must hear of them, and what they were told.
--
-- Departures from the source document, each because the document's form was proven wrong:
--   * Validity is half-open, [valid_from, valid_to): with BETWEEN two versions are valid at a switch.
--   * "For ever" is stored as NULL. The literal '9999-12-31' means another instant in every session
--     time zone; the views below show it as that literal in the reader's own zone, so the documented
--     queries and inserts work unchanged from any client.
--   * mentors, students, trainings, lessons and mapping are therefore views over *_versions tables.
--   * mapping holds person ids, which survive a new version of a mentor or a student.
--   * webhook_events has a natural key, notifications.message_hash is unique, user_email may be absent
--     (GetCourse's own subscription does not send it).

create extension if not exists btree_gist;

create schema getcourse;

create sequence getcourse.version_ids;  -- shared: an id typed into the wrong column fits nowhere

create function getcourse.forever() returns timestamptz
language sql stable as $$ select '9999-12-31'::text::timestamptz $$;


-- People, trainings, lessons, mapping -----------------------------------------------------------------

create table getcourse.mentor_versions (
    id bigint primary key default nextval('getcourse.version_ids'),
    person_id bigint not null references getcourse.mentor_versions deferrable,  -- the person's first version
    getcourse_id varchar(50),
    telegram_id bigint,
    email varchar(255),
    first_name varchar(255),
    last_name varchar(255),
    username varchar(255),
    valid_from timestamptz not null default now(),
    valid_to timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (valid_from <= valid_to),
    check (num_nonnulls(getcourse_id, email, telegram_id) > 0),
    constraint mentor_one_version_at_a_time
        exclude using gist (person_id with =, tstzrange(valid_from, valid_to) with &&),
    constraint mentor_getcourse_id_once
        exclude using gist (getcourse_id with =, tstzrange(valid_from, valid_to) with &&),
    constraint mentor_email_once
        exclude using gist (lower(email) with =, tstzrange(valid_from, valid_to) with &&)
);

create table getcourse.student_versions (
    id bigint primary key default nextval('getcourse.version_ids'),
    person_id bigint not null references getcourse.student_versions deferrable,
    getcourse_id varchar(50),
    email varchar(255),
    first_name varchar(255),
    last_name varchar(255),
    valid_from timestamptz not null default now(),
    valid_to timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (valid_from <= valid_to),
    check (num_nonnulls(getcourse_id, email) > 0),
    constraint student_one_version_at_a_time
        exclude using gist (person_id with =, tstzrange(valid_from, valid_to) with &&),
    constraint student_getcourse_id_once
        exclude using gist (getcourse_id with =, tstzrange(valid_from, valid_to) with &&),
    constraint student_email_once
        exclude using gist (lower(email) with =, tstzrange(valid_from, valid_to) with &&)
);

create table getcourse.training_versions (
    id bigint primary key default nextval('getcourse.version_ids'),
    getcourse_id varchar(50) not null,
    title varchar(500) not null,
    starts_at timestamptz,
    ends_at timestamptz,
    valid_from timestamptz not null default now(),
    valid_to timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (valid_from <= valid_to),
    check (starts_at <= ends_at),
    constraint training_one_version_at_a_time
        exclude using gist (getcourse_id with =, tstzrange(valid_from, valid_to) with &&)
);

create table getcourse.lesson_versions (
    id bigint primary key default nextval('getcourse.version_ids'),
    getcourse_id varchar(50) not null,
    training_id varchar(50) not null,        -- GetCourse's id of the training
    module_number int,
    module_title varchar(500),
    lesson_number int,
    lesson_title varchar(500) not null,
    opens_at timestamptz,
    deadline_at timestamptz,
    valid_from timestamptz not null default now(),
    valid_to timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (valid_from <= valid_to),
    check (opens_at <= deadline_at),
    constraint lesson_one_version_at_a_time
        exclude using gist (getcourse_id with =, tstzrange(valid_from, valid_to) with &&)
);

create table getcourse.mapping_versions (
    id bigint primary key default nextval('getcourse.version_ids'),
    student_id bigint not null references getcourse.student_versions,  -- a person id
    mentor_id bigint not null references getcourse.mentor_versions,    -- a person id
    training_id varchar(50) not null,
    valid_from timestamptz not null default now(),
    valid_to timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (valid_from <= valid_to),
    constraint mapping_once_at_a_time exclude using gist
        (student_id with =, mentor_id with =, training_id with =, tstzrange(valid_from, valid_to) with &&)
);
create index mapping_versions_mentor on getcourse.mapping_versions (mentor_id);

create trigger mentor_versions_updated_at before update on getcourse.mentor_versions
    for each row execute function platform.touch_updated_at();
create trigger student_versions_updated_at before update on getcourse.student_versions
    for each row execute function platform.touch_updated_at();
create trigger training_versions_updated_at before update on getcourse.training_versions
    for each row execute function platform.touch_updated_at();
create trigger lesson_versions_updated_at before update on getcourse.lesson_versions
    for each row execute function platform.touch_updated_at();
create trigger mapping_versions_updated_at before update on getcourse.mapping_versions
    for each row execute function platform.touch_updated_at();

-- A version without a person id belongs to whoever had this GetCourse id or e-mail before, else to a new person.
create function getcourse.assign_person() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if new.person_id is null then
        execute format(
            'select person_id from %s where getcourse_id = $1 or lower(email) = lower($2)'
            ' order by (getcourse_id = $1) desc nulls last, valid_from desc limit 1', tg_relid::regclass)
        into new.person_id using new.getcourse_id, new.email;
        new.person_id := coalesce(new.person_id, new.id);
    end if;
    return new;
end $$;
create trigger mentor_versions_person before insert on getcourse.mentor_versions
    for each row execute function getcourse.assign_person();
create trigger student_versions_person before insert on getcourse.student_versions
    for each row execute function getcourse.assign_person();

-- Whichever version's id was typed, the mapping keeps the person's.
create function getcourse.map_persons() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    new.student_id := coalesce(
        (select s.person_id from getcourse.student_versions s where s.id = new.student_id), new.student_id);
    new.mentor_id := coalesce(
        (select m.person_id from getcourse.mentor_versions m where m.id = new.mentor_id), new.mentor_id);
    return new;
end $$;
create trigger mapping_versions_persons before insert or update on getcourse.mapping_versions
    for each row execute function getcourse.map_persons();


-- The documented tables, as people see and fill them ----------------------------------------------------

create view getcourse.mentors as
select id, getcourse_id, telegram_id, email, first_name, last_name, username, valid_from,
       coalesce(valid_to, getcourse.forever()) as valid_to, created_at, updated_at, person_id
from getcourse.mentor_versions;

create view getcourse.students as
select id, getcourse_id, email, first_name, last_name, valid_from,
       coalesce(valid_to, getcourse.forever()) as valid_to, created_at, updated_at, person_id
from getcourse.student_versions;

create view getcourse.trainings as
select id, getcourse_id, title, starts_at, ends_at, valid_from,
       coalesce(valid_to, getcourse.forever()) as valid_to, created_at, updated_at
from getcourse.training_versions;

create view getcourse.lessons as
select id, getcourse_id, training_id, module_number, module_title, lesson_number, lesson_title,
       opens_at, deadline_at, valid_from,
       coalesce(valid_to, getcourse.forever()) as valid_to, created_at, updated_at
from getcourse.lesson_versions;

create view getcourse.mapping as
select id, student_id, mentor_id, training_id, valid_from,
       coalesce(valid_to, getcourse.forever()) as valid_to, created_at, updated_at
from getcourse.mapping_versions;

-- One trigger writes through all five views; its argument names the table behind the view.
create function getcourse.write_version() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    target regclass := tg_argv[0];
    assignments text;
    stored jsonb;
begin
    if tg_op = 'DELETE' then
        execute format('delete from %s where id = $1', target) using old.id;
        return old;
    end if;
    -- Every zone's 9999-12-31 and infinity mean "for ever"; in UTC the earliest of them is on the 30th.
    if new.valid_to >= '9999-12-30 00:00:00+00' then
        new.valid_to := null;
    end if;
    if tg_op = 'INSERT' then
        execute format('insert into %1$s as v select * from jsonb_populate_record(null::%1$s, $1) returning to_jsonb(v)',
                       target) into stored using to_jsonb(new);
        new := jsonb_populate_record(new, stored);  -- with the person id that was found
    else
        select string_agg(format('%1$I = r.%1$I', attname), ', ') into assignments
        from pg_attribute where attrelid = target and attnum > 0 and not attisdropped;
        execute format('update %1$s v set %2$s from jsonb_populate_record(null::%1$s, $1) r where v.id = $2',
                       target, assignments) using to_jsonb(new), old.id;
    end if;
    new.valid_to := coalesce(new.valid_to, getcourse.forever());
    return new;
end $$;

do $$
declare
    one record;
begin
    for one in
        select * from (values ('mentors', 'mentor_versions'), ('students', 'student_versions'),
                              ('trainings', 'training_versions'), ('lessons', 'lesson_versions'),
                              ('mapping', 'mapping_versions')) as t (shown, stored)
    loop
        execute format(
            'alter view getcourse.%1$I alter id set default nextval(''getcourse.version_ids''),'
            ' alter valid_from set default now(), alter created_at set default now(),'
            ' alter updated_at set default now()', one.shown);
        execute format(
            'create trigger %1$s_write instead of insert or update or delete on getcourse.%1$I'
            ' for each row execute function getcourse.write_version(%2$L)',
            one.shown, 'getcourse.' || one.stored);
    end loop;
end $$;

-- Close version p_id of a documented table at p_at and open its successor with p_changes; answers the new id.
create function getcourse.new_version(
    p_table text, p_id bigint, p_changes jsonb default '{}', p_at timestamptz default now()
) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    target regclass := case p_table
        when 'mentors' then 'getcourse.mentor_versions' when 'students' then 'getcourse.student_versions'
        when 'trainings' then 'getcourse.training_versions' when 'lessons' then 'getcourse.lesson_versions'
        when 'mapping' then 'getcourse.mapping_versions' end;
    former jsonb;
    new_id bigint := nextval('getcourse.version_ids');
begin
    if target is null then
        raise exception 'no versioned table %; there are mentors, students, trainings, lessons and mapping', p_table;
    end if;
    execute format('update %s v set valid_to = $2 where id = $1 and valid_to is null returning to_jsonb(v)', target)
        into former using p_id, p_at;
    if former is null then
        raise exception 'version % of % is not open', p_id, p_table;
    end if;
    execute format('insert into %1$s select * from jsonb_populate_record(null::%1$s, $1)', target)
        using former || p_changes || jsonb_build_object('id', new_id, 'valid_from', p_at, 'valid_to', null,
                                                        'created_at', now(), 'updated_at', now());
    return new_id;
end $$;

create function getcourse.mentors_as_of(p_at timestamptz) returns setof getcourse.mentors
language sql stable as
$$ select * from getcourse.mentors where valid_from <= p_at and p_at < valid_to $$;
create function getcourse.students_as_of(p_at timestamptz) returns setof getcourse.students
language sql stable as
$$ select * from getcourse.students where valid_from <= p_at and p_at < valid_to $$;
create function getcourse.trainings_as_of(p_at timestamptz) returns setof getcourse.trainings
language sql stable as
$$ select * from getcourse.trainings where valid_from <= p_at and p_at < valid_to $$;
create function getcourse.lessons_as_of(p_at timestamptz) returns setof getcourse.lessons
language sql stable as
$$ select * from getcourse.lessons where valid_from <= p_at and p_at < valid_to $$;
create function getcourse.mapping_as_of(p_at timestamptz) returns setof getcourse.mapping
language sql stable as
$$ select * from getcourse.mapping where valid_from <= p_at and p_at < valid_to $$;


-- Events ---------------------------------------------------------------------------------------------

create table getcourse.webhook_events (
    id bigint generated by default as identity primary key,
    source_id bigint references platform.webhook_sources,  -- null: written by hand or by an older flow
    event_date timestamptz not null,
    user_id varchar(50) not null,
    user_email varchar(255),
    user_first_name varchar(255),
    user_last_name varchar(255),
    answer_id varchar(50) not null,
    answer_training_id varchar(50),
    answer_lesson_id varchar(50),
    answer_teacher_id varchar(50),
    answer_type varchar(50),
    answer_status varchar(50),
    answer_text text,
    raw_payload jsonb,
    raw_body bytea,                          -- the bytes as they came, where raw_payload cannot hold them
    sanitized boolean not null default false,
    correlation_id text not null default gen_random_uuid()::text,
    processed boolean not null default false,
    processed_at timestamptz,
    error_message text,                      -- why it waits: no_mentor, no_bot, …
    attempts int not null default 0,
    next_attempt_at timestamptz not null default now(),
    alerted_at timestamptz,                  -- when the admin chat was told that nobody is responsible
    created_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0.05);

-- GetCourse sends no event id: an answer is the same while its id, status and words are the same. White space does not
-- count: its senders differ in line ends. (A regular expression here would cost half of an insert.)
create function getcourse.normal_text(text) returns text
language sql immutable parallel safe as
$$ select translate(coalesce($1, ''), E' \t\r\n\u00a0', '') $$;
create unique index webhook_events_natural_key on getcourse.webhook_events (
    source_id, answer_id, coalesce(answer_status, ''), (md5(getcourse.normal_text(answer_text))::uuid)
) nulls not distinct;
create index webhook_events_pending on getcourse.webhook_events (next_attempt_at) where not processed;
create index webhook_events_raw_payload on getcourse.webhook_events using gin (raw_payload jsonb_path_ops);
create index webhook_events_user_email on getcourse.webhook_events (user_email);
create index webhook_events_lesson on getcourse.webhook_events (answer_lesson_id, user_id);
create index webhook_events_created_at on getcourse.webhook_events using brin (created_at);

-- Everything else a GetCourse account tells: comments, orders, dialogs, calls. Kept, not acted on.
create table getcourse.account_events (
    id bigint generated always as identity primary key,
    source_id bigint not null references platform.webhook_sources,
    event_types text[] not null,             -- a paid order arrives twice, as dealPaid and dealStatusChanged
    object_id varchar(50) not null,
    event_date timestamptz not null,
    natural_key bytea not null check (octet_length(natural_key) = 32),
    raw_payload jsonb not null,
    correlation_id text not null,
    created_at timestamptz not null default now(),
    unique (source_id, natural_key)
);


-- Notifications ------------------------------------------------------------------------------------------

create table getcourse.notifications (
    id bigint generated by default as identity primary key,
    mentor_id bigint not null references getcourse.mentor_versions,  -- a person id
    type varchar(50) not null check (type in ('answerToLesson', 'deadlineApproaching')),
    message text not null,
    status varchar(20) not null default 'pending'
        check (status in ('pending', 'sent', 'failed', 'unknown', 'cancelled')),
    webhook_event_id bigint references getcourse.webhook_events on delete set null,
    message_hash varchar(64) not null unique,
    outbox_id bigint,                        -- several notifications may share one message
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    telegram_message_id varchar(50)
);
create index notifications_pending on getcourse.notifications (created_at) where status = 'pending';
create index notifications_outbox on getcourse.notifications (outbox_id);
create index notifications_event on getcourse.notifications (webhook_event_id);


-- Logs ----------------------------------------------------------------------------------------------

create table getcourse.application_logs (
    id bigint generated always as identity primary key,
    level varchar(20) not null default 'INFO',
    message text not null,
    context jsonb not null default '{}',
    created_at timestamptz not null default now()
);
create index application_logs_created_at on getcourse.application_logs (created_at);

create table getcourse.error_logs (
    id bigint generated always as identity primary key,
    error_class varchar(100) not null,
    message text not null,
    webhook_event_id bigint,
    correlation_id text,
    created_at timestamptz not null default now()
);
create index error_logs_created_at on getcourse.error_logs (created_at);


-- The five views ---------------------------------------------------------------------------------------

create view getcourse.v_active_mentors as
select * from getcourse.mentors where valid_from <= now() and now() < valid_to;

create view getcourse.v_active_students as
select * from getcourse.students where valid_from <= now() and now() < valid_to;

create view getcourse.v_active_mappings as
select p.id, p.training_id, t.title as training_title,
       p.student_id, s.getcourse_id as student_getcourse_id, s.email as student_email,
       s.first_name as student_first_name, s.last_name as student_last_name,
       p.mentor_id, m.telegram_id as mentor_telegram_id, m.email as mentor_email,
       m.first_name as mentor_first_name, m.last_name as mentor_last_name,
       p.valid_from, p.valid_to
from getcourse.mapping p
join getcourse.v_active_students s on s.person_id = p.student_id
join getcourse.v_active_mentors m on m.person_id = p.mentor_id
left join getcourse.trainings t
    on t.getcourse_id = p.training_id and t.valid_from <= now() and now() < t.valid_to
where p.valid_from <= now() and now() < p.valid_to;

create view getcourse.v_pending_webhooks as
select * from getcourse.webhook_events where not processed order by created_at, id;

create view getcourse.v_pending_notifications as
select n.*, m.telegram_id, m.email as mentor_email, m.first_name as mentor_first_name,
       m.last_name as mentor_last_name
from getcourse.notifications n
left join getcourse.v_active_mentors m on m.person_id = n.mentor_id
where n.status = 'pending'
order by n.created_at, n.id;


-- Roles -------------------------------------------------------------------------------------------

grant usage on schema getcourse
    to fn_ingest_webhook, fn_dispatch_notifications, fn_housekeeping, fn_remind_courses;
grant select on getcourse.student_versions to fn_ingest_webhook;
grant select, insert on getcourse.webhook_events to fn_ingest_webhook;
grant select, insert, update on getcourse.account_events to fn_ingest_webhook;

grant select on getcourse.mentor_versions, getcourse.student_versions, getcourse.training_versions,
    getcourse.lesson_versions, getcourse.mapping_versions to fn_dispatch_notifications;
grant select, update on getcourse.webhook_events to fn_dispatch_notifications;
grant select, insert, update on getcourse.notifications to fn_dispatch_notifications;
grant insert on getcourse.application_logs, getcourse.error_logs to fn_dispatch_notifications;

grant select, delete on getcourse.application_logs, getcourse.error_logs to fn_housekeeping;

grant select on getcourse.mentor_versions, getcourse.student_versions, getcourse.training_versions,
    getcourse.lesson_versions, getcourse.mapping_versions, getcourse.webhook_events to fn_remind_courses;
grant select, insert, update on getcourse.notifications to fn_remind_courses;
