-- name: list
select k.slug, k.title,
       (select count(*) from learning.track_roadmap_items i where i.track_id = k.id) as roadmap_items,
       (select count(distinct coalesce(t.tab::text, '')) from learning.chat_templates t
        where t.track_id = k.id and t.is_active) as templates,
       (select count(*) from learning.track_sessions s where s.track_id = k.id) as sessions,
       k.updated_at as updated
from learning.tracks k
order by k.slug;
