-- Broadcasts: planning, sending, and what was changed afterwards.
--
-- A broadcast is a draft until it is confirmed. When it is due its recipients are frozen, all in one statement; from then on
-- dispatch_notifications enqueues them, some hundred at a time, so that a pause, an edit or the end of it finds few
-- messages on their way. stats_json is kept by a trigger, in the transaction that changes recipients: it equals a recount at
-- every moment. Whoever changes recipients locks in this order: recipients, broadcasts, lanes.
--
-- The tables are new with 0038: they hold what a school has imported, and its bot writes no broadcasts yet.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid

alter table courses.broadcasts
    add column confirmed_at timestamptz,       -- null: a draft
    add column started_at timestamptz,         -- when its recipients were frozen; null for an imported one
    add column paused_at timestamptz,
    add column cancelled_at timestamptz,       -- whoever is still queued is skipped
    add column withdrawn_at timestamptz,       -- what was sent is deleted, too
    add column message jsonb check (jsonb_typeof(message) = 'object'),  -- what people get: {"method": …, "payload": …}
    add column revision int not null default 1,  -- of that message; whoever got an older one gets an edit
    add column new_body text,                  -- the text that shall replace it, until that is confirmed
    add column is_open boolean not null default false,  -- the dispatcher has something to do with it
    add column has_progress boolean not null default false,  -- its author does not know the newest state
    add column progress_at timestamptz,        -- when its author was told last
    add column progress_outbox_id bigint,      -- by which message of the outbox
    add column progress_message_id bigint,     -- which is edited from then on
    add constraint broadcasts_confirmed_check check (confirmed_at is null or message is not null),
    alter column stats_json set default '{"queued": 0, "sent": 0, "failed": 0, "skipped": 0}';
-- Its counts change with every group of messages: narrow rows with room on their page are updated in place.
alter table courses.broadcasts set (fillfactor = 50, toast_tuple_target = 256);
create index broadcasts_open on courses.broadcasts (id) where is_open;
create unique index broadcasts_draft on courses.broadcasts (created_by) where status = 'pending' and confirmed_at is null;

alter table courses.broadcast_recipients
    add column outbox_id bigint,               -- the message on its way, or that was; null: not enqueued yet
    add column enqueued int not null default 0,  -- how often: after a pause once more
    add column revision int not null default 0,  -- of the text that they got
    add column message_id bigint;              -- in their chat; null: none is there, or it was deleted
create index broadcast_recipients_queued on courses.broadcast_recipients (broadcast_id, outbox_id, user_id)
    where status = 'queued';
create index broadcast_recipients_unknown on courses.broadcast_recipients (broadcast_id) where error = 'unknown';
create index broadcast_recipients_shown on courses.broadcast_recipients (broadcast_id, revision) where message_id is not null;


-- Counting ---------------------------------------------------------------------------------------------

-- What becomes of recipients counts in their broadcast, at once. An imported one has counts of its own under other names, and
-- is recounted. It ends with its last recipient: with an error where it was cancelled, or nobody got it.
create function courses.count_recipients() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    changed jsonb;
begin
    if tg_op = 'INSERT' then
        select jsonb_agg(c) into changed
        from (select broadcast_id, status, count(*) as n from new_rows group by 1, 2) c;
    elsif tg_op = 'DELETE' then
        select jsonb_agg(c) into changed
        from (select broadcast_id, status, -count(*) as n from old_rows group by 1, 2) c;
    else
        select jsonb_agg(c) into changed
        from (select broadcast_id, status, sum(n) as n
              from (select broadcast_id, status, 1 as n from new_rows union all select broadcast_id, status, -1 from old_rows) u
              group by 1, 2 having sum(n) <> 0) c;
    end if;
    if changed is null then
        return null;
    end if;
    perform from courses.broadcasts b
    where b.id in (select (c ->> 'broadcast_id')::bigint from jsonb_array_elements(changed) c)
    order by b.id
    for no key update;
    update courses.broadcasts b
    set stats_json = b.stats_json || s.stats,
        status = case when b.started_at is null then b.status
                      when (s.stats ->> 'queued')::int > 0 then 'sending'
                      when b.cancelled_at is not null or s.stats @> '{"sent": 0}' and not s.stats @> '{"failed": 0}' then 'error'
                      else 'done' end::courses.broadcast_status,
        sent_at = case when b.started_at is null then b.sent_at
                       when (s.stats ->> 'queued')::int = 0 then coalesce(b.sent_at, clock_timestamp()) end,
        is_open = b.is_open or b.started_at is not null,
        has_progress = b.has_progress or b.started_at is not null
    from (
        select o.id, jsonb_object_agg(k.status, case
                   when o.started_at is null then (
                       select count(*) from courses.broadcast_recipients r
                       where r.broadcast_id = o.id and r.status = k.status)
                   else coalesce((o.stats_json ->> k.status::text)::bigint, 0) + coalesce(d.n, 0) end) as stats
        from courses.broadcasts o
        cross join unnest(enum_range(null::courses.recipient_status)) as k (status)
        left join jsonb_to_recordset(changed) as d (broadcast_id bigint, status courses.recipient_status, n bigint)
            on d.broadcast_id = o.id and d.status = k.status
        where o.id in (select (c ->> 'broadcast_id')::bigint from jsonb_array_elements(changed) c)
        group by o.id) s
    where b.id = s.id;
    return null;
end $$;
revoke execute on function courses.count_recipients() from public;

create trigger broadcast_recipients_added after insert on courses.broadcast_recipients
    referencing new table as new_rows for each statement execute function courses.count_recipients();
create trigger broadcast_recipients_changed after update on courses.broadcast_recipients
    referencing old table as old_rows new table as new_rows for each statement execute function courses.count_recipients();
create trigger broadcast_recipients_removed after delete on courses.broadcast_recipients
    referencing old table as old_rows for each statement execute function courses.count_recipients();

update courses.broadcasts b
set stats_json = b.stats_json || (
    select jsonb_object_agg(k.status, (select count(*) from courses.broadcast_recipients r
                                       where r.broadcast_id = b.id and r.status = k.status))
    from unnest(enum_range(null::courses.recipient_status)) as k (status));


-- Who may be written to ----------------------------------------------------------------------------------

-- Everybody, with what stands in the way of a broadcast to them (null: nothing): they have no account here, have not agreed to
-- the current text, switched notifications off, or have shut the bot out.
create view courses.v_mailings with (security_invoker = true) as
select u.id as user_id, u.telegram_id,
       case when u.telegram_id is null then 'no_account'
            when c.id is null then 'no_consent'
            when not coalesce(f.notify_enabled, true) then 'notifications_off'
            when l.lane is not null then 'unreachable' end as obstacle
from courses.users u
left join courses.user_flags f on f.user_id = u.id
left join courses.consents c on c.telegram_id = u.telegram_id and c.purpose = 'mailings' and c.withdrawn_at is null
    and c.version = (select max(t.version) from courses.consent_texts t where t.purpose = 'mailings' and t.version > 0)
left join courses.school k on true
left join platform.lanes l on l.bot_id = k.bot_id and l.lane = u.telegram_id::text and l.blocked_at is not null;

-- Whom a broadcast is for, as things are now.
create view courses.v_audiences with (security_invoker = true) as
select b.id as broadcast_id, m.user_id, m.telegram_id, m.obstacle
from courses.broadcasts b
cross join courses.v_mailings m
join courses.users u on u.id = m.user_id
left join courses.participants p on p.user_id = u.id
where case b.audience when 'all' then true
                      when 'role' then u.role = b.role
                      when 'cohort' then coalesce(p.cohort_id, u.cohort_id) = b.cohort_id
                      else p.stream_id = b.stream_id end;


-- Rights -------------------------------------------------------------------------------------------------

grant select on courses.v_mailings, courses.v_audiences to fn_dispatch_notifications, fn_telegram_webhook, carillon_backup;
grant select (id, telegram_id, role, cohort_id) on courses.users to fn_dispatch_notifications;
grant select (user_id, cohort_id, stream_id) on courses.participants to fn_dispatch_notifications;
grant select (user_id, notify_enabled) on courses.user_flags to fn_dispatch_notifications;
grant select (id, telegram_id, purpose, version, withdrawn_at) on courses.consents to fn_dispatch_notifications;
grant select (purpose, version) on courses.consent_texts to fn_dispatch_notifications;
grant select (id, title, audience, cohort_id, stream_id, role, created_by, scheduled_at, status, stats_json, confirmed_at,
              paused_at, cancelled_at, withdrawn_at, message, revision, is_open, has_progress, progress_at,
              progress_outbox_id, progress_message_id),
      update (sent_at, status, stats_json, started_at, is_open, has_progress, progress_at, progress_outbox_id, progress_message_id)
      on courses.broadcasts to fn_dispatch_notifications;
grant select, insert (broadcast_id, user_id, status, error),
      update (status, error, sent_at, outbox_id, enqueued, revision, message_id)
      on courses.broadcast_recipients to fn_dispatch_notifications;

grant select (id, title, body, attachment_file_id, attachment_mime, audience, cohort_id, stream_id, role, created_by,
              scheduled_at, status, stats_json, confirmed_at, started_at, paused_at, cancelled_at, withdrawn_at, revision, new_body),
      insert (title, body, attachment_file_id, attachment_mime, audience, created_by),
      update (title, body, attachment_file_id, attachment_mime, audience, cohort_id, stream_id, role, scheduled_at, status,
              confirmed_at, paused_at, cancelled_at, withdrawn_at, message, revision, new_body, is_open, has_progress),
      delete on courses.broadcasts to fn_telegram_webhook;
grant update (status, error, outbox_id) on courses.broadcast_recipients to fn_telegram_webhook;
grant select (rate_per_second) on platform.bots to fn_telegram_webhook;
