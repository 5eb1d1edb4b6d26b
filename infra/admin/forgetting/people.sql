-- name: find
-- A person is who has the address in any version of theirs. An answer of somebody who is in no table counts, too.
with students as materialized (
    select v.person_id, v.getcourse_id, lower(v.email) as email, concat_ws(' ', v.first_name, v.last_name) as name
    from getcourse.student_versions v
    where v.person_id in (select p.person_id from getcourse.student_versions p
                          where p.getcourse_id = %(address)s::text or lower(p.email) = %(address)s::text)
), mentors as materialized (
    select v.person_id, v.getcourse_id, lower(v.email) as email, v.telegram_id
    from getcourse.mentor_versions v
    where v.person_id in (select p.person_id from getcourse.mentor_versions p
                          where p.getcourse_id = %(address)s::text or lower(p.email) = %(address)s::text
                             or p.telegram_id::text = %(address)s::text)
), answers as materialized (
    select e.user_id, lower(e.user_email) as email from getcourse.webhook_events e
    where e.user_id = %(address)s::text or lower(e.user_email) = %(address)s::text
)
select array(select distinct person_id from students) as students,
       array(select distinct person_id from mentors) as mentors,
       array(select getcourse_id from students where getcourse_id is not null
             union select getcourse_id from mentors where getcourse_id is not null
             union select user_id from answers) as ids,
       array(select email from students where email is not null
             union select email from mentors where email is not null
             union select email from answers where email is not null) as emails,
       array(select distinct telegram_id from mentors where telegram_id is not null) as chats,
       array(select distinct name from students where position(' ' in name) > 0) as names,
       exists (select from students) or exists (select from mentors) or exists (select from answers) as is_known;

-- name: traces
-- Their answers, and the messages that tell of these, or that are for them.
with theirs as materialized (
    select e.id from getcourse.webhook_events e
    where e.user_id = any(%(ids)s::text[]) or lower(e.user_email) = any(%(emails)s::text[])
)
select array(select id from theirs) as events,
       array(select n.outbox_id from getcourse.notifications n
             where n.outbox_id is not null
               and (n.webhook_event_id in (select id from theirs) or n.mentor_id = any(%(mentors)s::bigint[])))
           as messages;

-- name: empty_notifications_with_name
-- Reminders name all students of a mentor: the row stays, so that the others are not told of again.
with emptied as (
    update getcourse.notifications n set message = ''
    where n.type = 'deadlineApproaching' and n.message <> '' and n.status <> 'pending'
      and n.mentor_id <> all(%(mentors)s::bigint[])
      and exists (select from unnest(%(names)s::text[]) t where position(t in n.message) > 0)
    returning n.outbox_id
), gone as (
    delete from platform.outbox o using emptied e where o.id = e.outbox_id and o.finished_at is not null
)
select from emptied;

-- name: delete_notifications
delete from getcourse.notifications
where webhook_event_id = any(%(events)s::bigint[]) or mentor_id = any(%(mentors)s::bigint[]);

-- name: delete_answers
delete from getcourse.webhook_events where id = any(%(events)s::bigint[]);

-- name: delete_account_events
delete from getcourse.account_events a
where exists (select from unnest(%(patterns)s::text[]) t where a.raw_payload::text ~* t);

-- name: delete_mapping
delete from getcourse.mapping_versions
where student_id = any(%(students)s::bigint[]) or mentor_id = any(%(mentors)s::bigint[]);

-- name: delete_students
delete from getcourse.student_versions where person_id = any(%(students)s::bigint[]);

-- name: delete_mentors
delete from getcourse.mentor_versions where person_id = any(%(mentors)s::bigint[]);
