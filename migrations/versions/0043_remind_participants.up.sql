-- Reminders of the course (function remind_participants): each once per person, and which of them a person wants.

do $$
begin
    execute format('create role %I nologin', 'fn_remind_participants');
exception when duplicate_object or unique_violation then
    null;  -- roles belong to the whole cluster
end $$;

create type courses.reminder_kind as enum ('session', 'healing', 'event', 'assignment', 'homework');

-- What somebody does not want to be reminded of. No row: they do. user_flags switches all of it off.
create table courses.reminder_opt_outs (
    user_id bigint not null references courses.users on delete cascade,
    kind courses.reminder_kind not null,
    primary key (user_id, kind)
);

-- Whom the bot may remind of what, and between which moments. It asks no clock: whoever reads it does, and names days of `on_date`.
-- - A day before, by the school's clock: at the same time of day; of what has no time, and of what is due, at noon. An hour before.
--   What has no time counts as begun at noon.
-- - A reminder a day before gives way to that an hour before. An assignment is due when its day ends; what was not handed in is
--   asked for at noon of the next day, of those who took part when it was due, for as long as two days.
-- - Who said that they are not coming, has handed in, or has not agreed to be stored, is not reminded.
create view courses.v_reminders with (security_invoker = true) as
select r.kind, r.lead, r.subject_id, r.user_id, u.telegram_id, r.title, r.note, r.on_date, r.end_date,
       r.start_time::courses.local_time as start_time, r.happens_at, r.due_at, r.until
from (
    select 'session'::courses.reminder_kind as kind, l.lead, s.id as subject_id, o.user_id,
           coalesce(s.title, t.title, s.topic_code) as title, null::text as note, s.start_date as on_date, s.end_date, s.start_time,
           w.happens_at, case l.lead when 'day' then w.day_before else w.hour_before end as due_at,
           case when l.lead = 'day' and s.start_time is not null then w.hour_before else w.happens_at end as until
    from courses.sessions s
    cross join courses.school k
    join courses.v_roster o on o.session_id = s.id
    left join courses.topics t on t.code = s.topic_code
    cross join (values ('day'), ('hour')) l (lead)
    cross join lateral (
        select (s.start_date + coalesce(s.start_time, '12:00')) at time zone k.timezone as happens_at,
               (s.start_date - 1 + coalesce(s.start_time, '12:00')) at time zone k.timezone as day_before,
               (s.start_date + s.start_time) at time zone k.timezone - interval '1 hour' as hour_before) w
    where s.cancelled_at is null and (l.lead = 'day' or s.start_time is not null)
      and not exists (select from courses.announced_absences b where b.session_id = s.id and b.user_id = o.user_id)
    union all
    select 'healing', l.lead, h.id, g.user_id, null, h.note, h.date, null, h.time_start, w.happens_at,
           case l.lead when 'day' then (h.date - 1 + h.time_start) at time zone k.timezone else w.happens_at - interval '1 hour' end,
           case l.lead when 'day' then w.happens_at - interval '1 hour' else w.happens_at end
    from courses.healing_sessions h
    cross join courses.school k
    join courses.healing_signups g on g.healing_session_id = h.id and g.state = 'signed'
    cross join (values ('day'), ('hour')) l (lead)
    cross join lateral (select (h.date + h.time_start) at time zone k.timezone as happens_at) w
    where h.cancelled_at is null
    union all
    select 'event', 'day', e.id, p.user_id, e.title, e.note, e.start_date, e.end_date, e.start_time,
           (e.start_date + coalesce(e.start_time, '12:00')) at time zone k.timezone,
           (e.start_date - 1 + coalesce(e.start_time, '12:00')) at time zone k.timezone,
           (e.start_date + coalesce(e.start_time, '12:00')) at time zone k.timezone
    from courses.events e
    cross join courses.school k
    cross join courses.participants p
    where e.cancelled_at is null
    union all
    select l.kind, 'day', a.id, p.user_id, a.title, null, a.due_date, null, null,
           (a.due_date + 1 + time '00:00') at time zone k.timezone,
           (a.due_date + l.days + time '12:00') at time zone k.timezone,
           case l.kind when 'assignment' then (a.due_date + 1 + time '00:00') at time zone k.timezone
                else (a.due_date + 3 + time '12:00') at time zone k.timezone end
    from courses.assignments a
    cross join courses.school k
    cross join courses.participants p
    cross join (values ('assignment'::courses.reminder_kind, -1), ('homework', 1)) l (kind, days)
    where a.withdrawn_at is null
      and (l.kind = 'assignment' or p.created_at < (a.due_date + 1 + time '00:00') at time zone k.timezone)
      and not exists (
        select from courses.submissions b where b.assignment_id = a.id and b.user_id = p.user_id)) r
join courses.users u on u.id = r.user_id and u.role = 'user'
where u.telegram_id is not null
  and not exists (select from courses.user_flags f where f.user_id = r.user_id and not f.notify_enabled)
  and not exists (select from courses.reminder_opt_outs x where x.user_id = r.user_id and x.kind = r.kind)
  and exists (
    select from courses.consents c
    where c.telegram_id = u.telegram_id and c.purpose = 'processing' and c.withdrawn_at is null);


-- Rights -----------------------------------------------------------------------------------------------

grant usage on schema platform, courses to fn_remind_participants;

-- Who plans reminders, and who looks again when one is sent.
grant select on courses.v_reminders, courses.v_roster, courses.reminder_opt_outs
    to fn_dispatch_notifications, fn_remind_participants, carillon_backup;
grant select (created_at) on courses.participants to fn_dispatch_notifications;
grant select (timezone) on courses.school to fn_dispatch_notifications;
grant select (healing_session_id, user_id) on courses.healing_signups to fn_dispatch_notifications;
grant select (id, start_date, end_date, start_time, topic_code, title, stream_id, cohort_id, cancelled_at)
      on courses.sessions to fn_dispatch_notifications, fn_remind_participants;
grant select (code, title) on courses.topics to fn_dispatch_notifications, fn_remind_participants;
grant select (session_id, user_id) on courses.announced_absences to fn_dispatch_notifications, fn_remind_participants;
grant select (id, date, time_start, note, cancelled_at)
      on courses.healing_sessions to fn_dispatch_notifications, fn_remind_participants;
grant select (id, title, start_date, end_date, start_time, note, cancelled_at)
      on courses.events to fn_dispatch_notifications, fn_remind_participants;
grant select (id, title, due_date, withdrawn_at) on courses.assignments to fn_dispatch_notifications, fn_remind_participants;
grant select (assignment_id, user_id) on courses.submissions to fn_dispatch_notifications, fn_remind_participants;

grant select (id, role, cohort_id, telegram_id) on courses.users to fn_remind_participants;
grant select (user_id, cohort_id, stream_id, created_at) on courses.participants to fn_remind_participants;
grant select (user_id, notify_enabled) on courses.user_flags to fn_remind_participants;
grant select (telegram_id, purpose, withdrawn_at) on courses.consents to fn_remind_participants;
-- Places that were offered and not taken are offered to the next; a healing session is locked meanwhile.
grant select (capacity), update (capacity) on courses.healing_sessions to fn_remind_participants;
grant select (id, healing_session_id, user_id, state, queued_at, offer_until, version, told_date, told_time),
      update (state, offer_until, version, told_date, told_time) on courses.healing_signups to fn_remind_participants;

grant select (bot_id, language, timezone, quiet_from, quiet_to) on courses.school to fn_remind_participants;
grant select on platform.chat_moves to fn_remind_participants;
grant select, insert on platform.outbox, platform.topics to fn_remind_participants;
grant select, insert, update on platform.lanes, platform.job_runs to fn_remind_participants;
grant insert on platform.run_reports to fn_remind_participants;

grant select, insert (user_id, kind), delete on courses.reminder_opt_outs to fn_telegram_webhook;
