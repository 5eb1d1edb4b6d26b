-- name: events
select user_email, event_date, processed from getcourse.webhook_events where answer_id = %(answer)s::text;

-- name: backlog
select error_message from getcourse.v_pending_webhooks;

-- name: unparsed
select reason from platform.v_unparsed;

-- name: stored
select (select count(*) from getcourse.webhook_events) as events, (select count(*) from platform.inbox) as inbox;

-- name: replace_mentor
select getcourse.new_version('mapping', p.id, jsonb_build_object('mentor_id', m.person_id), %(at)s::timestamptz)
from getcourse.v_active_mappings p, getcourse.v_active_mentors m
where p.student_getcourse_id = %(student)s::text and p.training_id = %(training)s::text
  and m.getcourse_id = %(mentor)s::text;

-- name: map_student
insert into getcourse.mapping (student_id, mentor_id, training_id, valid_from)
select s.id, m.id, %(training)s::text, s.valid_from
from getcourse.v_active_students s, getcourse.v_active_mentors m
where s.getcourse_id = %(student)s::text and m.getcourse_id = %(mentor)s::text
returning id;

-- name: set_deadline
update getcourse.lessons set deadline_at = %(at)s::timestamptz
where getcourse_id = %(lesson)s::text
returning id;
