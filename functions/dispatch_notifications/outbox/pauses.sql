-- name: refused_bots
-- Three chats refused within ten seconds: Telegram means the bot, not the chats. So does a gateway that says so. The
-- longest wait counts. The time is now(), which the planner knows: of a time that it does not know it expects a third of all
-- refusals that are kept, and reads the whole outbox rather than look each of them up.
select o.bot_id, max(a.ended_at + make_interval(secs => a.retry_after)) as until
from platform.outbox_attempts a
join platform.outbox o on o.id = a.outbox_id
where a.outcome = 'rate_limited' and a.ended_at > now() - interval '10 seconds'
  and o.bot_id = any(%(bots)s::bigint[])
group by o.bot_id
having count(distinct coalesce(o.recipient, o.chat_id::text)) >= 3 or o.bot_id = any(%(bot_wide)s::bigint[]);

-- name: pause_bots
-- From then on the bot goes slower, too. The last lock of the transaction: a claim takes this row first.
with refused as (
    select * from unnest(%(bots)s::bigint[], %(untils)s::timestamptz[]) as r (bot_id, until)
)
update platform.bot_limits l
set paused_until = greatest(l.paused_until, r.until),
    slowed_rate = case when s.again then l.slowed_rate else greatest(1, 0.8 * least(
        b.rate_per_second,
        l.slowed_rate + floor(extract(epoch from clock_timestamp() - l.slowed_at) / 300))) end,
    slowed_at = case when s.again then l.slowed_at else clock_timestamp() end
from refused r
join platform.bots b on b.id = r.bot_id
join platform.bot_limits now_at on now_at.bot_id = r.bot_id
cross join lateral (
    -- The same refusal: its other chats report it within the same ten seconds.
    select coalesce(now_at.slowed_at > (select clock_timestamp()) - interval '10 seconds', false) as again) s
where l.bot_id = r.bot_id;
