-- Staff: what is taught, handed out and handed in.

-- Where the homework of a session is. It stands in homework_delivery, too, as whoever got it has read it.
alter table courses.sessions add column homework_link text check (homework_link <> '');

-- Why a link did not arrive: it is sent again on the next press. Null: it has arrived, or is on its way.
alter table courses.homework_delivery add column error text check (error <> '');

-- What was withdrawn is shown to nobody but staff.
alter table courses.materials add column withdrawn_at timestamptz;
alter table courses.assignments add column withdrawn_at timestamptz;

-- What somebody handed in for an assignment: the newest counts and replaces what was there; whether it was in time, the first one says.
create table courses.submissions (
    assignment_id bigint not null references courses.assignments,
    user_id bigint not null references courses.users on delete cascade,
    body text check (body <> ''),
    tg_file_ids text[] not null default '{}' check (cardinality(tg_file_ids) <= 10),  -- an album has no more
    first_submitted_at timestamptz not null default now(),
    submitted_at timestamptz not null default now(),
    primary key (assignment_id, user_id),
    check (body is not null or cardinality(tg_file_ids) > 0)
);
create index submissions_user on courses.submissions (user_id);


-- Rights -----------------------------------------------------------------------------------------------

grant select on courses.submissions to carillon_backup;

-- Staff change rows as they are, whatever columns they have: together with what was granted before, these are all.
grant select (annotation, homework_link) on courses.sessions to fn_telegram_webhook;
grant select (id, annotation) on courses.topics to fn_telegram_webhook;
grant select (id) on courses.events to fn_telegram_webhook;
grant select (mime, created_by, withdrawn_at) on courses.materials to fn_telegram_webhook;
grant select (created_by, created_at, withdrawn_at) on courses.assignments to fn_telegram_webhook;
grant select on courses.session_days, courses.submissions to fn_telegram_webhook;
grant insert (start_date, end_date, start_time, topic_code, title, annotation, stream_id, cohort_id),
      update (start_date, end_date, start_time, topic_code, title, annotation, stream_id, cohort_id, cancelled_at, homework_link)
      on courses.sessions to fn_telegram_webhook;
grant insert (date, stream_id, topic_id), update (date, stream_id, topic_id), delete
      on courses.session_days to fn_telegram_webhook;
grant insert (code, title, annotation), update (code, title, annotation) on courses.topics to fn_telegram_webhook;
grant insert (title, start_date, end_date, start_time, note), update (title, start_date, end_date, start_time, note, cancelled_at)
      on courses.events to fn_telegram_webhook;
grant insert (date, time_start, note, capacity), update (date, time_start, note, capacity, cancelled_at)
      on courses.healing_sessions to fn_telegram_webhook;
grant insert (title, body, tg_file_id, created_by), update (title, body, tg_file_id, mime, withdrawn_at)
      on courses.materials to fn_telegram_webhook;
grant insert (title, body, due_date, material_id, created_by), update (title, body, due_date, material_id, withdrawn_at)
      on courses.assignments to fn_telegram_webhook;
grant insert (assignment_id, user_id, body, tg_file_ids), update (body, tg_file_ids, submitted_at), delete
      on courses.submissions to fn_telegram_webhook;

-- Homework is sent to whoever attended, which is looked at again then; whether it arrived, the sender says.
grant insert (session_id, user_id, link, sent_by) on courses.homework_delivery to fn_telegram_webhook;
grant select (id, session_id, user_id), update (sent_at, error) on courses.homework_delivery to fn_dispatch_notifications;
grant select (session_id, user_id, status) on courses.attendance to fn_dispatch_notifications;
