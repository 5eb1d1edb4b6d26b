-- name: note_move
-- The triggers on this table refuse the move of a chat with which the bot has nothing to do, and rewrite what of the bot's
-- points to the old chat, once.
insert into platform.chat_moves (bot_id, chat_id, new_chat_id)
values (%(bot)s::bigint, %(old)s::bigint, %(new)s::bigint)
on conflict (bot_id, chat_id) do nothing;

-- name: is_noted
-- A statement of its own, which sees what another transaction noted meanwhile.
select exists (
    select from platform.chat_moves m where m.bot_id = %(bot)s::bigint and m.chat_id = %(old)s::bigint) as is_noted;

-- name: lock_chat
-- The lanes of both chats. A chat's own lane is called after it, its other lanes name it: an index each, here and below, as
-- most lanes of a bot belong to others.
with idle_timeout as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
select l.lane, coalesce(l.chat, l.lane) = (%(old)s::bigint)::text as is_old
from idle_timeout, platform.lanes l
where l.bot_id = %(bot)s::bigint
  and (l.chat in ((%(old)s::bigint)::text, (%(new)s::bigint)::text)
       or l.lane in ((%(old)s::bigint)::text, (%(new)s::bigint)::text) and l.chat is null)
order by l.lane
for update of l;

-- name: move_messages
-- Lanes are called after their chats. What waits in the old ones lines up with what waits in the new ones, by age: those
-- that were there need their heads anew. A lane whose head is being sent stays together, and is moved when that attempt
-- has ended.
with moved as (
    update platform.outbox o
    set chat_id = %(new)s::bigint,
        lane = (%(new)s::bigint)::text || substr(o.lane, length((%(old)s::bigint)::text) + 1),
        due_at = case when o.error_class = 'migrated' then clock_timestamp() else o.due_at end
    from platform.lanes l
    where l.bot_id = %(bot)s::bigint
      and (l.chat = (%(old)s::bigint)::text or l.lane = (%(old)s::bigint)::text and l.chat is null)
      and l.leased_until <= (select clock_timestamp()) and o.bot_id = l.bot_id and o.lane = l.lane
      and o.state in ('queued', 'sending')
    returning o.bot_id, o.lane, o.due_at, o.priority, o.paced, o.created_at, o.id
), opened as (
    insert into platform.lanes as l (bot_id, lane, chat, head_due, priority, paced)
    select distinct on (bot_id, lane) bot_id, lane, nullif((%(new)s::bigint)::text, lane), due_at, priority, paced
    from moved
    order by bot_id, lane, created_at, id
    on conflict (bot_id, lane) do update
    set head_due = least(l.head_due, excluded.head_due), priority = least(l.priority, excluded.priority),
        paced = l.paced or excluded.paced
)
insert into platform.lanes (bot_id, lane)
select distinct m.bot_id, (%(new)s::bigint)::text
from moved m
where not exists (select from moved own where own.bot_id = m.bot_id and own.lane = (%(new)s::bigint)::text)
on conflict (bot_id, lane) do nothing;

-- name: refresh_new_chat
-- What moved may be older than what waited there already. The lanes stay as urgent as their most urgent message.
update platform.lanes l
set head_due = h.due_at
from platform.lanes n
cross join lateral (
    select o.due_at from platform.outbox o
    where o.bot_id = n.bot_id and o.lane = n.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1) h
where n.bot_id = %(bot)s::bigint
  and (n.chat = (%(new)s::bigint)::text or n.lane = (%(new)s::bigint)::text and n.chat is null)
  and n.head_due is distinct from h.due_at
  and l.bot_id = n.bot_id and l.lane = n.lane;

-- name: moves_with_pending
-- Moves after which something waits in the old chat: it was being sent meanwhile, or was handed over just before, or was
-- redriven. What failed is kept for 90 days; who comes with the chat's old id after that is told the new one by Telegram.
select m.bot_id as bot, m.chat_id as old, m.new_chat_id as new
from platform.chat_moves m
where m.moved_at > (select clock_timestamp()) - interval '100 days' and exists (
    select from platform.lanes l
    where l.bot_id = m.bot_id and (l.chat = m.chat_id::text or l.lane = m.chat_id::text and l.chat is null)
      and l.head_due is not null and l.leased_until <= (select clock_timestamp()));

-- name: block
insert into platform.lanes (bot_id, lane, blocked_at, blocked_class)
values (%(bot)s::bigint, %(chat)s::text, clock_timestamp(), 'blocked')
on conflict (bot_id, lane) do update
set blocked_at = excluded.blocked_at, blocked_class = excluded.blocked_class;

-- name: unblock
update platform.lanes
set blocked_at = null, blocked_class = null
where bot_id = %(bot)s::bigint and lane = %(chat)s::text and blocked_at is not null;
