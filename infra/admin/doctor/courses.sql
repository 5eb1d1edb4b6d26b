-- name: school
select k.name, k.timezone, b.name as bot,
       (select count(*) from courses.users u where u.role = 'admin' and u.telegram_id is not null) as administrators,
       (select count(*) from courses.users u where u.role <> 'user' and u.telegram_id is null) as unreachable,
       array(select p::text from unnest(enum_range(null::courses.consent_purpose)) p
             where not exists (select from courses.consent_texts t where t.purpose = p and t.version > 0)) as textless
from courses.school k
left join platform.bots b on b.id = k.bot_id;

-- name: rejections
-- Rows that were not taken over, and those of which something was left out.
select count(*) filter (where r.reason not like 'mended: %%') as rejected,
       count(*) filter (where r.reason like 'mended: %%') as mended
from courses.import_rejections r;
