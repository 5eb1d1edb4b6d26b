-- name: unmute_expired
-- As shared.support.mute.has_expired says. While a person has the conversation the mute outlives its end.
with expired as (
    select c.id
    from support.conversations c
    where c.bot_status = 'muted' and c.bot_muted_until <= now() and not exists (
        select from support.handovers h
        where h.conversation_id = c.id and h.status = 'active')
    order by c.bot_muted_until
    limit %(batch)s::int
    for update of c skip locked
)
update support.conversations c
set bot_status = 'active', bot_muted_until = null
from expired
where c.id = expired.id;
