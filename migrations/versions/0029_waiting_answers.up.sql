-- Answers that wait cost a look nothing, and a correction of the tables wakes them up. A reminder reads what is near.

-- Of each school that has any the answer that is due next, once it was gathered: one step down that index for each.
create view getcourse.v_next_answers with (security_invoker = true) as
with recursive schools as (
    (select coalesce(e.source_id, 0) as source, e.next_attempt_at
     from getcourse.webhook_events e
     where not e.processed
     order by coalesce(e.source_id, 0), e.next_attempt_at
     limit 1)
    union all
    select next.source, next.next_attempt_at
    from schools s
    cross join lateral (
        select coalesce(e.source_id, 0) as source, e.next_attempt_at
        from getcourse.webhook_events e
        where not e.processed and coalesce(e.source_id, 0) > s.source
        order by coalesce(e.source_id, 0), e.next_attempt_at
        limit 1) next
)
select s.source, s.next_attempt_at + g.gathering as due_at, g.gathering
from schools s
left join platform.webhook_sources w on w.id = s.source
cross join lateral (select make_interval(secs => coalesce(w.collapse_seconds, 0)) as gathering) g;
grant select on getcourse.v_next_answers to fn_dispatch_notifications;


-- Corrections ---------------------------------------------------------------------------------------------

-- An answer that waits is tried again ever more seldom, so whatever may help it makes it due at once: its gathering time
-- counts as over. What was held after a restore waits for `carillon replay`. An answer that is claimed right now has
-- read the tables before this commit, or is skipped by whoever claims; it waits for its lock here, and is woken.
create function getcourse.wake(p_events bigint[]) returns void
language sql set search_path = pg_catalog, pg_temp as $$
    update getcourse.webhook_events e
    set next_attempt_at = clock_timestamp() - make_interval(secs => coalesce(
            (select s.collapse_seconds from platform.webhook_sources s where s.id = e.source_id), 0))
    where e.id = any(array(select w.id from getcourse.webhook_events w where w.id = any(p_events) order by w.id for update))
      and case when e.processed then false else e.error_message <> 'restored' end
$$;
revoke execute on function getcourse.wake(bigint[]) from public;

create function getcourse.wake_students(p_persons bigint[]) returns void
language sql set search_path = pg_catalog, pg_temp as $$
    select getcourse.wake(array(
        select e.id
        from unnest(p_persons) as p (id)
        join getcourse.student_versions v on v.person_id = p.id
        join getcourse.webhook_events e on e.user_id = v.getcourse_id
        where e.processed is not true and e.error_message is not null
        union
        select e.id
        from unnest(p_persons) as p (id)
        join getcourse.student_versions v on v.person_id = p.id
        join getcourse.webhook_events e on lower(e.user_email) = lower(v.email)
        where not e.processed and e.error_message is not null))
$$;
revoke execute on function getcourse.wake_students(bigint[]) from public;

-- `changed` are the rows that a statement added or changed.
create function getcourse.wake_after_correction() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    case tg_table_name
        when 'student_versions' then
            perform getcourse.wake_students(array(select distinct c.person_id from changed c));
        when 'mapping_versions' then
            perform getcourse.wake_students(array(select distinct c.student_id from changed c));
        when 'mentor_versions' then
            perform getcourse.wake_students(array(
                select distinct m.student_id
                from changed c
                join getcourse.mapping_versions m on m.mentor_id = c.person_id));
        when 'lesson_versions' then
            perform getcourse.wake(array(
                select e.id
                from (select distinct l.getcourse_id from changed l) c
                join getcourse.webhook_events e on e.answer_lesson_id = c.getcourse_id
                where not e.processed and e.error_message is not null and e.answer_training_id is null));
    end case;
    return null;
end $$;
revoke execute on function getcourse.wake_after_correction() from public;

do $$
declare
    corrected text;
begin
    foreach corrected in array array['student_versions', 'mapping_versions', 'mentor_versions', 'lesson_versions'] loop
        execute format(
            'create trigger %1$s_wake_added after insert on getcourse.%1$I referencing new table as changed'
            ' for each statement execute function getcourse.wake_after_correction()', corrected);
        execute format(
            'create trigger %1$s_wake_changed after update on getcourse.%1$I referencing new table as changed'
            ' for each statement execute function getcourse.wake_after_correction()', corrected);
    end loop;
end $$;

-- A bot to tell mentors with, or a chat to tell admins: for all who wait, as it is rare.
create function getcourse.wake_all() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform getcourse.wake(array(
        select e.id from getcourse.webhook_events e where not e.processed and e.error_message is not null));
    return null;
end $$;
revoke execute on function getcourse.wake_all() from public;

create trigger bots_wake_answers after insert on platform.bots
    for each row when (new.system = 'getcourse' and new.channel = 'telegram')
    execute function getcourse.wake_all();
create trigger webhook_sources_wake_answers after update of bot_id, admin_chat_id on platform.webhook_sources
    for each row when (new.provider = 'getcourse'
                       and (new.bot_id is distinct from old.bot_id or (old.admin_chat_id is null and new.admin_chat_id is not null)))
    execute function getcourse.wake_all();
