-- name: claim
-- Up to `most` lanes of one bot that are due, each with its head marked `sending` under a new attempt id, and a
-- permit of the bot's shared rate (GCRA) for each. The mark is committed before anybody sends a byte. In six stages.
--   * Urgent lanes go first, as far as a fifth of the rate stays free for the others; broadcasts never take more than
--     half of it. Both have a meter of their own beside the bot's.
--   * Of a chat one paced lane at a time, and none before the chat's own lane says so: topics share its limit. What does not
--     count among its messages (edits, topics that are created) waits for its pauses alone; of those one of a kind at a
--     time, and one topic after the other: a group that takes no topics is asked once.
--   * The time is a subselect: only so it is a condition of the index, and lanes that are due tomorrow cost nothing.
--   * A lane that another dispatcher holds is skipped; a lane whose lease ran out is taken over (`taken_over`), and the
--     attempt that nobody finished is written down as lost.
--   * The head is the oldest by created_at: ordered by id alone the planner may walk the primary key through
--     everything that was ever sent.
--   * The statement sees the outbox as of its start: a head that was touched since is skipped, its lane stays free.
with bot as materialized (  -- 1. Lock the bot: its rate now (lower after refusals), and where its meters stand
    select r.id, r.rate, r.private_pace, r.group_pace,
           greatest(l.tat, r.earliest, l.paused_until) as base,
           greatest(l.urgent_tat, r.earliest) as urgent_base, greatest(l.bulk_tat, r.earliest) as bulk_base,
           clock_timestamp() + make_interval(secs => %(most_wait)s::float8) as until
    from platform.bot_limits l
    join platform.bots b on b.id = l.bot_id
    cross join lateral (
        select least(b.rate_per_second, l.slowed_rate
                     + floor(extract(epoch from clock_timestamp() - l.slowed_at) / 300)) as rate) now_at
    cross join lateral (
        select b.id, b.private_pace, b.group_pace, now_at.rate,
               clock_timestamp() - make_interval(secs => (b.burst - 1) / now_at.rate) as earliest) r
    where l.bot_id = %(bot)s::bigint and b.status = 'active'
    for update of l
), permits as materialized (  -- 2. Count permits: of all, of the urgent ones, of broadcasts
    -- At least what may go now: a slow bot's second holds less than one message, and half of it even less.
    select greatest((base <= clock_timestamp())::int,
                    least(%(most)s::int, floor(extract(epoch from until - base) * rate))) as total,
           greatest((urgent_base <= until)::int,
                    floor(extract(epoch from until - urgent_base) * rate * 0.8)) as urgent,
           greatest((bulk_base <= clock_timestamp())::int,
                    floor(extract(epoch from until - bulk_base) * rate * 0.5)) as bulk,
           exists (
               select from (values (1), (2)) as others (priority)
               cross join lateral (
                   select greatest(o.head_due, o.next_at, o.leased_until) as due from platform.lanes o
                   where o.bot_id = bot.id and o.priority = others.priority and o.head_due is not null
                   order by greatest(o.head_due, o.next_at, o.leased_until) limit 1) first
               where first.due <= (select clock_timestamp())) as others_wait
    from bot
), urgent as materialized (  -- 3. Pick lanes: for each priority a walk along its own part of the index
    select l.bot_id, l.lane, p.lane as chat, l.priority, l.paced, p.blocked_at, p.blocked_class,
           greatest(l.head_due, l.next_at, l.leased_until) as due_at
    from platform.lanes l
    join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
    where l.bot_id = %(bot)s::bigint and l.priority = 0 and l.head_due is not null
      and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
      and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
    order by greatest(l.head_due, l.next_at, l.leased_until)
    limit coalesce((select case when others_wait then least(total, urgent) else total end from permits), 0)
    for update of l, p skip locked
), normal as materialized (
    select l.bot_id, l.lane, p.lane as chat, l.priority, l.paced, p.blocked_at, p.blocked_class,
           greatest(l.head_due, l.next_at, l.leased_until) as due_at
    from platform.lanes l
    join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
    where l.bot_id = %(bot)s::bigint and l.priority = 1 and l.head_due is not null
      and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
      and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
    order by greatest(l.head_due, l.next_at, l.leased_until)
    limit coalesce((select total - (select count(*) from urgent) from permits), 0)
    for update of l, p skip locked
), bulk as materialized (
    select l.bot_id, l.lane, p.lane as chat, l.priority, l.paced, p.blocked_at, p.blocked_class,
           greatest(l.head_due, l.next_at, l.leased_until) as due_at
    from platform.lanes l
    join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
    where l.bot_id = %(bot)s::bigint and l.priority = 2 and l.head_due is not null
      and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
      and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
    order by greatest(l.head_due, l.next_at, l.leased_until)
    limit coalesce((
        select least(bulk, total - (select count(*) from urgent) - (select count(*) from normal)) from permits), 0)
    for update of l, p skip locked
), picked as (
    select distinct on (bot_id, chat, case when not paced then split_part(lane, '#', 2) end) *
    from (select * from urgent union all select * from normal union all select * from bulk) due
    order by bot_id, chat, case when not paced then split_part(lane, '#', 2) end, priority, due_at
), heads as (  -- 4. Find heads: the oldest message of each lane
    select p.bot_id, p.lane, p.chat, p.priority as rank, p.blocked_at, p.blocked_class, h.id,
           h.state, h.state = 'sending' as taken_over, h.maybe_duplicate as may_be_duplicate, h.attempt_id as former_attempt,
           h.send_started_at as former_start,
           row_number() over (order by p.priority, h.created_at, h.id) as place
    from picked p
    cross join lateral (
        select o.id, o.created_at, o.state, o.method, o.chat_id, o.maybe_duplicate, o.attempt_id, o.send_started_at
        from platform.outbox o
        where o.bot_id = p.bot_id and o.lane = p.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id
        limit 1) h
    where h.method <> 'createForumTopic' or not exists (  -- another topic of the group, which somebody creates right now
        select from platform.topics t
        join platform.lanes l on l.bot_id = t.bot_id and l.lane = p.chat || '/' || t.key
        where t.bot_id = p.bot_id and t.chat_id = h.chat_id and t.thread_id is null
          and l.leased_until > (select clock_timestamp()) + make_interval(secs => %(lease)s::float8 - 3))
), begun as (  -- 5. Begin attempts, and write down those that nobody finished
    update platform.outbox o
    set state = 'sending', attempt = o.attempt + 1, attempt_id = platform.uuid7(),
        send_started_at = clock_timestamp(), maybe_duplicate = o.maybe_duplicate or h.taken_over
    from heads h
    where o.id = h.id and o.state = h.state and o.attempt_id is not distinct from h.former_attempt
      and o.due_at <= (select clock_timestamp())
    returning o.id, o.attempt_id, o.attempt, o.bot_id, o.lane, o.chat_id, o.recipient, o.kind, o.method, o.payload,
              o.policy, o.topic, o.guard, o.as_text, o.error_class as last_error, o.correlation_id, o.send_started_at,
              coalesce(o.expires_at < clock_timestamp(), false) as expired, o.paced, h.chat, h.rank, h.blocked_at,
              h.blocked_class, h.taken_over, h.may_be_duplicate, h.former_attempt, h.former_start, h.place
), lost as (
    insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, outcome)
    select former_attempt, id, former_start, 'lost' from begun where taken_over
    on conflict (attempt_id) do nothing
), paced as (  -- 6. Take leases and permits: lanes rest for their chat's pace, the bot's meters move on
    select b.*, case when not b.paced then '0' when b.chat_id < 0 then bot.group_pace else bot.private_pace end as pace,
           greatest('0', bot.base - clock_timestamp() + make_interval(secs => (b.place - 1) / bot.rate)) as wait
    from begun b, bot
), leased as (
    update platform.lanes l
    set lease = case when l.lane = b.lane then b.attempt_id else l.lease end,
        leased_until = case when l.lane = b.lane then clock_timestamp() + make_interval(secs => %(lease)s::float8)
                            else l.leased_until end,
        next_at = greatest(l.next_at, clock_timestamp() + b.wait + b.pace)
    from paced b
    where l.bot_id = b.bot_id and l.lane = any(array[b.lane, case when b.paced then b.chat else b.lane end])
), spent as (
    update platform.bot_limits l
    set tat = bot.base + make_interval(secs => n.all_of_them / bot.rate),
        urgent_tat = case when n.urgent = 0 then l.urgent_tat
            else least(bot.urgent_base + make_interval(secs => n.urgent / (bot.rate * 0.8)),
                       bot.until + make_interval(secs => 1 / (bot.rate * 0.8))) end,
        bulk_tat = case when n.bulk = 0 then l.bulk_tat
            else bot.bulk_base + make_interval(secs => n.bulk / (bot.rate * 0.5)) end
    from bot, (select count(*) as all_of_them, count(*) filter (where rank = 0) as urgent,
                      count(*) filter (where rank = 2) as bulk from begun) n
    where l.bot_id = bot.id and n.all_of_them > 0
)
select b.id, b.attempt_id, b.attempt, b.bot_id, b.lane, b.chat, b.chat_id, b.recipient, b.kind, b.method, b.payload,
       b.policy, b.topic, b.guard, b.as_text, b.last_error, b.correlation_id, b.send_started_at, b.expired,
       b.taken_over, b.may_be_duplicate, t.thread_id,
       case when b.blocked_at > clock_timestamp() - interval '1 hour' then b.blocked_class end as blocked,
       extract(epoch from b.pace)::float8 as pace, extract(epoch from b.wait)::float8 as wait
from paced b
left join platform.topics t on t.bot_id = b.bot_id and t.chat_id = b.chat_id and t.key = b.topic
order by b.place;

-- name: lock_lanes
-- First the lanes, always in the same order: whoever enqueues into one of them has to wait or has committed. A process
-- that freezes with them locked loses them after some seconds.
with idle_timeout as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
select from idle_timeout, platform.lanes l
join unnest(%(bots)s::bigint[], %(lanes)s::text[]) as wanted (bot_id, lane)
    on wanted.bot_id = l.bot_id and wanted.lane = l.lane
order by l.bot_id, l.lane
for update of l;

-- name: finish
-- Only the attempt that is still the row's own may finish it; a zombie leaves its evidence alone. (A case, so that the
-- planner goes by id, not by a state that is rare.) What has failed for long moves to a lane of its own (`parked`).
with done as (
    select d.*
    from jsonb_to_recordset(%(decisions)s::jsonb) as d (
        id bigint, attempt_id uuid, started_at timestamptz, outcome text, http_status int, retry_after float8,
        state text, delay float8, counts_as_attempt boolean, may_be_duplicate boolean, parked boolean, as_text boolean,
        message_id bigint, external_id text, thread_id bigint, error_class text, error_text text)
), noted as (
    insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, outcome, http_status, retry_after)
    select d.attempt_id, d.id, d.started_at, d.outcome, d.http_status, d.retry_after from done d
    where exists (select from platform.outbox o where o.id = d.id)  -- what was forgotten meanwhile leaves no evidence
    on conflict (attempt_id) do nothing
)
update platform.outbox o
set state = d.state,
    due_at = case when d.state = 'queued' then clock_timestamp() + make_interval(secs => d.delay) else o.due_at end,
    finished_at = case when d.state <> 'queued' then clock_timestamp() end,
    attempt = o.attempt - case when d.counts_as_attempt then 0 else 1 end,
    maybe_duplicate = o.maybe_duplicate or d.may_be_duplicate,
    lane = case when d.parked and not o.out_of_order then o.lane || '!' || o.id else o.lane end,
    out_of_order = o.out_of_order or d.parked,
    as_text = o.as_text or d.as_text, error_text = d.error_text,
    message_id = d.message_id, external_id = d.external_id, error_class = d.error_class, error_code = d.http_status
from done d
where o.id = d.id and d.attempt_id = case o.state when 'sending' then o.attempt_id end
returning o.id, o.bot_id, o.chat_id, o.lane, o.due_at, o.kind, o.topic, o.state, o.message_id, o.external_id,
          d.thread_id, o.error_class, o.finished_at, d.attempt_id, d.parked;

-- name: open_parked_lanes
-- The lanes of what was parked just now, paced by the same chats; a group may have moved meanwhile.
insert into platform.lanes (bot_id, lane, chat, head_due, priority, paced)
select o.bot_id, o.lane, coalesce(o.recipient, o.chat_id::text), o.due_at, o.priority, o.paced
from platform.outbox o
where o.id = any(%(ids)s::bigint[])
order by o.bot_id, o.lane
on conflict (bot_id, lane) do update set head_due = excluded.head_due;

-- name: free_lanes
-- A second statement, with a fresh view of the rows: the next head, the pause, and the lease given back. A refusal
-- blocks the chat, a message that arrived opens it again. A lane without a lease gets its head anew, too: an older message
-- may have been redriven, tried and ended there, after this attempt's lease had run out.
update platform.lanes l
set head_due = h.due_at, priority = coalesce(h.priority, 1), paced = coalesce(h.paced, l.paced),
    next_at = case when l.lease is null then l.next_at else clock_timestamp() + make_interval(secs => d.pause) end,
    paused_until = greatest(l.paused_until, case when d.lane = d.chat and d.outcome = 'rate_limited'
                                                 then clock_timestamp() + make_interval(secs => d.pause) end),
    lease = null, leased_until = '-infinity',
    blocked_at = case when d.lane <> d.chat then l.blocked_at
                      when d.outcome = 'unreachable' then clock_timestamp()
                      when d.state <> 'sent' then l.blocked_at end,
    blocked_class = case when d.lane <> d.chat then l.blocked_class
                         when d.outcome = 'unreachable' then d.error_class
                         when d.state <> 'sent' then l.blocked_class end
from jsonb_to_recordset(%(decisions)s::jsonb) as d (
    bot_id bigint, lane text, chat text, attempt_id uuid, pause float8, state text, outcome text, error_class text)
left join lateral (
    select o.due_at, o.priority, o.paced from platform.outbox o
    where o.bot_id = d.bot_id and o.lane = d.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1) h on true
where l.bot_id = d.bot_id and l.lane = d.lane and (l.lease = d.attempt_id or l.lease is null);

-- name: pace_chats
-- What a message in a thread or kind's lane means for its whole chat.
update platform.lanes l
set next_at = greatest(l.next_at, clock_timestamp() + make_interval(secs => c.pause)),
    paused_until = greatest(l.paused_until, clock_timestamp() + make_interval(secs => c.refused_for)),
    blocked_at = case when c.error_class is not null then clock_timestamp() when not c.sent then l.blocked_at end,
    blocked_class = case when c.error_class is not null then c.error_class when not c.sent then l.blocked_class end
from (
    select d.bot_id, d.chat, max(d.pause) as pause, bool_or(d.state = 'sent') as sent,
           max(d.pause) filter (where d.outcome = 'rate_limited') as refused_for,
           max(d.error_class) filter (where d.outcome = 'unreachable') as error_class
    from jsonb_to_recordset(%(decisions)s::jsonb) as d (
        bot_id bigint, lane text, chat text, pause float8, state text, outcome text, error_class text)
    where d.lane <> d.chat
    group by d.bot_id, d.chat) c
where l.bot_id = c.bot_id and l.lane = c.chat;
