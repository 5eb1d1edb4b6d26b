-- name: with_due_messages
-- Active bots that may send something now: an idle tick opens no token, and asks no bot that has nothing waiting. In the order
-- of the index lanes_due, so that lanes which are due tomorrow cost nothing.
select b.id, b.name, b.channel, b.address, b.token_sealed, b.rate_per_second, b.burst
from platform.bots b
join platform.bot_limits m on m.bot_id = b.id and m.paused_until <= (select clock_timestamp())
where b.status = 'active' and b.id in (
    select w.bot_id
    from platform.waiting_priorities(%(only)s::bigint) w
    cross join lateral (
        select from platform.lanes l
        join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
        where l.bot_id = w.bot_id and l.priority = w.priority and l.head_due is not null
          and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
          and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
        order by greatest(l.head_due, l.next_at, l.leased_until)
        limit 1) due)
order by b.id;

-- name: mark_auth_failed
-- The token is dead: nothing of this bot moves until a person has looked (no try counts).
update platform.bots set status = 'auth_failed' where id = %(bot)s::bigint and status = 'active';
