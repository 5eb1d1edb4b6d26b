-- name: find
-- One row, where the bot is the school's: whoever writes, known or not. A text of version 0 is an imported consent's: nobody
-- knows its words, so it counts for nothing. A school that has no text yet can ask nobody, and nobody has agreed.
select s.bot_id, %(telegram_id)s::bigint as telegram_id, u.id as user_id, coalesce(u.full_name, '') as name,
       coalesce(u.role, 'user')::text as role, s.name as school, s.language, s.timezone, s.quiet_from, s.quiet_to, clock_timestamp() as now,
       exists (
           select from courses.consents c
           where c.telegram_id = %(telegram_id)s::bigint and c.purpose = 'processing' and c.withdrawn_at is null
             and c.version = (select max(t.version) from courses.consent_texts t
                              where t.purpose = 'processing' and t.version > 0)) as has_agreed,
       coalesce((
           select exists (
               select from courses.consents c
               where c.telegram_id = %(telegram_id)s::bigint and c.purpose = 'mailings' and c.version = n.version)
           from (select max(t.version) as version from courses.consent_texts t
                 where t.purpose = 'mailings' and t.version > 0) n
           where n.version is not null), true) as has_chosen
from courses.school s
left join courses.users u on u.telegram_id = %(telegram_id)s::bigint
where s.bot_id = %(bot_id)s::bigint;

-- name: match_contact
-- Two people with one phone are told apart by their curator.
update courses.users u
set telegram_id = %(telegram_id)s::bigint, username = coalesce(%(username)s::text, u.username)
where u.phone = %(phone)s::text and u.telegram_id is null
  and not exists (select from courses.users o where o.phone = u.phone and o.id <> u.id)
  and not exists (select from courses.users o where o.telegram_id = %(telegram_id)s::bigint);

-- name: match_invitation
with used as (
    update courses.invitations i
    set used_at = clock_timestamp()
    where i.token_hash = %(token_hash)s::bytea and i.used_at is null and i.expires_at > (select clock_timestamp())
      and exists (select from courses.users o where o.id = i.user_id and o.telegram_id is null)
      and not exists (select from courses.users o where o.telegram_id = %(telegram_id)s::bigint)
    returning i.user_id
)
update courses.users u
set telegram_id = %(telegram_id)s::bigint, username = coalesce(%(username)s::text, u.username)
from used
where u.id = used.user_id;
