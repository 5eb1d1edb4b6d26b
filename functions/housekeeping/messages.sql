-- name: delete_messages
-- The oldest rows by id, which are the oldest by time but for a few: the primary key leads there without a scan, and
-- `after` keeps the next batch from walking through what this one left or deleted. (The BRIN index would not do: new
-- rows fill the pages of deleted ones, and after a month every range holds old and new.) Whom a message reached is
-- remembered as somebody who has opened the chat with the bot.
with batch as (
    select o.ctid as place, o.id, o.created_at
    from platform.outbox o
    where o.id > %(after)s::bigint
    order by o.id
    limit %(batch)s::int
), gone as (
    delete from platform.outbox o
    where o.ctid = any(array(select place from batch))
      and ((o.state in ('sent', 'cancelled') and o.finished_at < now() - make_interval(days => %(sent_days)s::int))
           or (o.state in ('dead', 'unknown') and o.finished_at < now() - make_interval(days => %(failed_days)s::int)))
    returning o.id, o.bot_id, o.chat_id, o.state, o.finished_at
), reached as (
    insert into platform.starts (bot_id, chat_id, started_at)
    select bot_id, chat_id, min(finished_at) from gone where state = 'sent' and chat_id > 0 group by bot_id, chat_id
    on conflict (bot_id, chat_id) do nothing
)
select (select count(*) from gone) as deleted, max(id) as last,
       count(*) < %(batch)s::int or min(created_at) >= now() - make_interval(days => %(sent_days)s::int) as is_the_end
from batch;

-- name: find_idle_lanes
-- Of the next lanes by name those that nobody uses any more: of threads, kinds and parked messages, or chats' own
-- (`chats_own`) that no other lane is paced by. Locks nothing. `last` is where the walk goes on; null at its end.
with walked as materialized (
    select i.bot_id, i.lane, i.chat, row_number() over (order by i.bot_id, i.lane) as place,
           i.head_due is null and i.lease is null and i.blocked_at is null
               and i.next_at < now() - make_interval(days => %(days)s::int) as is_idle
    from platform.lanes i
    where (i.bot_id, i.lane) > (%(bot)s::bigint, %(lane)s::text)
    order by i.bot_id, i.lane
    limit %(batch)s::int
)
select coalesce((
           select json_agg(json_build_array(w.bot_id, w.lane) order by w.place)
           from walked w
           where w.is_idle and (w.chat is null) = %(chats_own)s::boolean
             and (w.chat is not null
                  or not exists (select from platform.lanes p where p.bot_id = w.bot_id and p.chat = w.lane))), '[]') as idle,
       (select json_build_object('bot', w.bot_id, 'lane', w.lane) from walked w where w.place = %(batch)s::int) as last;

-- name: delete_idle_lanes
-- Those of some lanes that are idle still. One that somebody enqueues into at this moment is locked and skipped, or has a
-- head by now; whoever comes after this makes it anew. Chats' own lanes: while nobody writes to the table, as whoever opens a
-- thread's lane counts on its chat's without locking it.
delete from platform.lanes l
using (
    select i.bot_id, i.lane
    from unnest(%(bots)s::bigint[], %(lanes)s::text[]) as g (bot_id, lane)
    join platform.lanes i on i.bot_id = g.bot_id and i.lane = g.lane
    where i.head_due is null and i.lease is null and i.blocked_at is null
      and i.next_at < now() - make_interval(days => %(days)s::int)
      and (i.chat is not null
           or not exists (select from platform.lanes p where p.bot_id = i.bot_id and p.chat = i.lane))
      and not exists (
          select from platform.outbox o
          where o.bot_id = i.bot_id and o.lane = i.lane and o.state in ('queued', 'sending'))
    for update of i skip locked) idle
where l.bot_id = idle.bot_id and l.lane = idle.lane;

-- name: wait_briefly
-- For the lock, so that nobody else waits longer behind us.
select set_config('lock_timeout', '200ms', true);

-- name: count_idle_lanes
-- For those who ask: locks nothing.
select count(*) as lanes
from platform.lanes i
where i.head_due is null and i.lease is null and i.blocked_at is null
  and i.next_at < now() - make_interval(days => %(days)s::int)
  and not exists (select from platform.lanes p where p.bot_id = i.bot_id and p.chat = i.lane)
  and not exists (
      select from platform.outbox o
      where o.bot_id = i.bot_id and o.lane = i.lane and o.state in ('queued', 'sending'));

-- name: remaining
-- Of the next `batch` rows by id. Whoever hears that so many are due need not know how many more.
select count(*) filter (where state in ('sent', 'cancelled')) as sent,
       count(*) filter (where state in ('dead', 'unknown')) as failed
from (select o.state, o.finished_at from platform.outbox o
      where o.id > %(after)s::bigint
      order by o.id
      limit %(batch)s::int) next
where ((state in ('sent', 'cancelled') and finished_at < now() - make_interval(days => %(sent_days)s::int))
       or (state in ('dead', 'unknown') and finished_at < now() - make_interval(days => %(failed_days)s::int)));
