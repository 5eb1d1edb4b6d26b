-- name: totals
-- What is due now: handovers, and mutes that have run out (shared.support.mute.has_expired says which; unmute.sql ends them).
select (select count(*) from support.handovers where remind_at <= now()) as handovers,
       (select count(*) from support.conversations c
        where c.bot_status = 'muted' and c.bot_muted_until <= now() and not exists (
            select from support.handovers h
            where h.conversation_id = c.id and h.status = 'active')) as mutes;
