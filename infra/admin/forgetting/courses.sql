-- name: person
select u.telegram_id, u.phone, u.email, u.username,
       exists (select from courses.payments p where p.user_id = u.id)
           or exists (select from courses.payments_history h where h.user_id = u.id) as has_payments
from courses.users u
where u.id = %(id)s::bigint
for update;

-- name: delete_attendance
delete from courses.attendance where user_id = %(id)s::bigint;

-- name: delete_attendance_history
delete from courses.attendance_history where user_id = %(id)s::bigint;

-- name: delete_homework
delete from courses.homework_delivery where user_id = %(id)s::bigint;

-- name: delete_recipients
delete from courses.broadcast_recipients where user_id = %(id)s::bigint;

-- name: delete_participants
delete from courses.participants where user_id = %(id)s::bigint;

-- name: delete_flags
delete from courses.user_flags where user_id = %(id)s::bigint;

-- name: delete_rejections
delete from courses.import_rejections r
where (r.source_table = 'users' and r.source_row = %(id)s::text)
   or r.content ->> 'user_id' = %(id)s::text
   or r.content ->> 'telegram_id' = %(telegram_id)s::text;

-- name: delete_invitations
delete from courses.invitations where user_id = %(id)s::bigint;

-- name: delete_dialog
delete from courses.dialogs where telegram_id = %(telegram_id)s::bigint;

-- name: withdraw_consents
update courses.consents c set withdrawn_at = greatest(now(), c.given_at)
where c.telegram_id = %(telegram_id)s::bigint and c.withdrawn_at is null;

-- name: empty_person
update courses.users u
set telegram_id = null, username = null, nickname = null, password = null, full_name = null, role = 'user', phone = null,
    email = null, cohort_id = null
where u.id = %(id)s::bigint;

-- name: delete_person
delete from courses.users where id = %(id)s::bigint;
