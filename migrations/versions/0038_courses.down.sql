drop table courses.imports, courses.import_rejections, courses.broadcast_recipients, courses.broadcasts,
    courses.homework_delivery, courses.payments_history, courses.attendance_history, courses.payments, courses.attendance,
    courses.assignments, courses.materials, courses.healing_sessions, courses.events, courses.sessions,
    courses.session_days, courses.consents, courses.consent_texts, courses.user_flags, courses.participants, courses.users,
    courses.topics, courses.streams, courses.cohorts, courses.school;
drop function courses.keep_attendance(), courses.keep_payment(), courses.actor();
drop type courses.role, courses.attendance_status, courses.audience, courses.broadcast_status, courses.recipient_status,
    courses.consent_purpose;
drop domain courses.local_time;
drop schema courses;
