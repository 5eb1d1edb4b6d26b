-- name: shared_secrets
-- Pairs of sources with a valid secret in common.
select distinct p.bringer, p.owner
from unnest(%(bringers)s::bigint[], %(owners)s::bigint[]) as p (bringer, owner)
join platform.source_secrets mine on mine.source_id = p.bringer
join platform.source_secrets theirs on theirs.source_id = p.owner and theirs.secret_hash = mine.secret_hash
where (mine.valid_to is null or mine.valid_to > (select clock_timestamp()))
  and (theirs.valid_to is null or theirs.valid_to > (select clock_timestamp()));
