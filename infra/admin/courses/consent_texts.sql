-- name: list
select t.purpose, t.version, t.created_at, t.text_ru, t.text_en,
       (select count(*) from courses.consents c
        where c.purpose = t.purpose and c.version = t.version and c.withdrawn_at is null) as in_force
from courses.consent_texts t
order by t.purpose, t.version;

-- name: add
insert into courses.consent_texts (purpose, version, text_ru, text_en)
select %(purpose)s::courses.consent_purpose, coalesce(max(t.version), 0) + 1, %(ru)s::text, %(en)s::text
from courses.consent_texts t
where t.purpose = %(purpose)s::courses.consent_purpose
returning version;
