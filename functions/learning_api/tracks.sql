-- name: list
select slug, title, description, goal
from learning.tracks
order by title, slug;

-- name: find
select k.slug, k.title, k.description, k.goal,
       (select count(*) from learning.track_roadmap_items i where i.track_id = k.id) as roadmap_items
from learning.tracks k
where k.slug = %(slug)s::text;

-- name: roadmap
select i.id, i.position, i.title, i.description
from learning.track_roadmap_items i
join learning.tracks k on k.id = i.track_id
where k.slug = %(slug)s::text
order by i.position;
