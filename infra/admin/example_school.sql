-- The example school «Колокольня». Everybody in it is invented; it fills an empty database for the demo and for play.

-- name: mentors
insert into getcourse.mentor_versions (getcourse_id, telegram_id, email, first_name, last_name, username, valid_from)
select e.*, '2025-09-01 00:00+03'
from (values
    ('910001', 9900000101, 'vera.nabatova@example.com', 'Вера', 'Набатова', 'vera_nabatova'),
    ('910002', 9900000102, 'lev.perezvonov@example.com', 'Лев', 'Перезвонов', 'lev_perezvonov'),
    ('910003', 9900000103, 'zoya.blagovestova@example.com', 'Зоя', 'Благовестова', 'zoya_blagovestova')
) as e (getcourse_id, telegram_id, email, first_name, last_name, username)
where not exists (select from getcourse.mentor_versions v where v.getcourse_id = e.getcourse_id);

-- name: students
insert into getcourse.student_versions (getcourse_id, email, first_name, last_name, valid_from)
select e.*, '2025-09-01 00:00+03'
from (values
    ('920001', 'anna.kolokolova@example.com', 'Анна', 'Колоколова'),
    ('920002', 'boris.zvonarev@example.com', 'Борис', 'Звонарёв'),
    ('920003', 'vika.bubentsova@example.com', 'Вика', 'Бубенцова'),
    ('920004', 'gleb.malinin@example.com', 'Глеб', 'Малинин'),
    ('920005', 'dina.trezvonova@example.com', 'Дина', 'Трезвонова'),
    ('920006', 'egor.yazykov@example.com', 'Егор', 'Языков')
) as e (getcourse_id, email, first_name, last_name)
where not exists (select from getcourse.student_versions v where v.getcourse_id = e.getcourse_id);

-- name: trainings
insert into getcourse.training_versions (getcourse_id, title, starts_at, ends_at, valid_from)
select e.*, date_trunc('day', now()) - interval '30 days', date_trunc('day', now()) + interval '90 days', '2025-09-01 00:00+03'
from (values
    ('930001', 'Продюсер онлайн-школ'),
    ('930002', 'Основы звонарного дела')
) as e (getcourse_id, title)
where not exists (select from getcourse.training_versions v where v.getcourse_id = e.getcourse_id);

-- name: lessons
-- Deadlines lie before and after the day of seeding: some are over, none is near on that day at whatever hour (a reminder
-- goes out 24 hours before), one comes two days later, some in weeks.
insert into getcourse.lesson_versions (getcourse_id, training_id, module_number, module_title, lesson_number,
                                       lesson_title, opens_at, deadline_at, valid_from)
select e.getcourse_id, e.training_id, e.module_number, e.module_title, e.lesson_number, e.lesson_title,
       date_trunc('day', now()) + make_interval(days => e.due_in_days - 14),
       date_trunc('day', now()) + make_interval(days => e.due_in_days, hours => 20), '2025-09-01 00:00+03'
from (values
    ('940101', '930001', 1, 'Идея и аудитория', 1, 'Кому нужна школа', -7),
    ('940102', '930001', 1, 'Идея и аудитория', 2, 'Интервью с учеником', 2),
    ('940103', '930001', 2, 'Запуск', 1, 'Программа курса', 8),
    ('940104', '930001', 2, 'Запуск', 2, 'Первый вебинар', 15),
    ('940201', '930002', 1, 'Колокола', 1, 'Как устроен колокол', -3),
    ('940202', '930002', 1, 'Колокола', 2, 'Строй и подбор', 4),
    ('940203', '930002', 2, 'Звоны', 1, 'Благовест', 11),
    ('940204', '930002', 2, 'Звоны', 2, 'Трезвон', 18)
) as e (getcourse_id, training_id, module_number, module_title, lesson_number, lesson_title, due_in_days)
where not exists (select from getcourse.lesson_versions v where v.getcourse_id = e.getcourse_id);

-- name: mapping
insert into getcourse.mapping_versions (student_id, mentor_id, training_id, valid_from)
select s.person_id, m.person_id, e.training_id, '2025-09-01 00:00+03'
from (values
    ('920001', '910001', '930001'),
    ('920002', '910001', '930001'),
    ('920003', '910002', '930001'),
    ('920004', '910002', '930002'),
    ('920005', '910003', '930002'),
    ('920006', '910003', '930002'),
    ('920001', '910003', '930002')
) as e (student, mentor, training_id)
join getcourse.student_versions s on s.getcourse_id = e.student and s.id = s.person_id
join getcourse.mentor_versions m on m.getcourse_id = e.mentor and m.id = m.person_id
where not exists (
    select from getcourse.mapping_versions v
    where v.student_id = s.person_id and v.mentor_id = m.person_id and v.training_id = e.training_id);
