-- name: settings
select coalesce((select f.notify_enabled from courses.user_flags f where f.user_id = %(user_id)s::bigint), true)
           as has_reminders,
       array(select x.kind::text from courses.reminder_opt_outs x where x.user_id = %(user_id)s::bigint) as opt_outs,
       exists (select from courses.consents c
               where c.telegram_id = %(telegram_id)s::bigint and c.purpose = 'mailings'
                 and c.version = %(version)s::int and c.withdrawn_at is null) as has_mailings;

-- name: switch_reminders
insert into courses.user_flags (user_id, notify_enabled)
values (%(user_id)s::bigint, %(notify)s::boolean)
on conflict (user_id) do update set notify_enabled = excluded.notify_enabled;

-- name: opt_out
insert into courses.reminder_opt_outs (user_id, kind)
values (%(user_id)s::bigint, %(kind)s::text::courses.reminder_kind)
on conflict do nothing;

-- name: opt_in
delete from courses.reminder_opt_outs
where user_id = %(user_id)s::bigint and kind = %(kind)s::text::courses.reminder_kind;
