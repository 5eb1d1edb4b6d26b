"""The statements that cost more with every year, each with its reason; LATE_GROWERS are seen from a million rows on."""

BOUNDED = "reads no more than so many of the newest rows; the short history has not got that many"
KEPT = "reads what one person was not sent; it goes after its term, which this history does not do"
STEP = "walks past those whose sessions the step before would have deleted, which is not run here"
BY_HAND = "a person types it once in a while; an index would cost every row that is ever written"
OWN = "reads or deletes all that one person has, who asked for it; a row for each of their sessions"

GROWERS = {
    "functions/daily_metrics_digest/alerts/evaluate.sql:facts": BOUNDED,
    "functions/housekeeping/learning.sql:delete_learners": STEP,
    "functions/telegram_webhook/starts/starts.sql:unreached": KEPT,
    "functions/telegram_webhook/support/topic_message.sql:carried": BOUNDED,
    "functions/telegram_webhook/courses/forms/records.sql:topics_change": BY_HAND,  # its sessions follow its code
    "functions/salon_pages/reports/bookings.sql:months": BOUNDED,
    "infra/admin/corrections/bots.sql:messages": BY_HAND,
    "infra/admin/corrections/desks.sql:delete": BY_HAND,
    "infra/admin/corrections/sources.sql:uses": BY_HAND,
    "infra/admin/forgetting/people.sql:find": BY_HAND,
    "infra/admin/forgetting/people.sql:traces": BY_HAND,
    "infra/admin/forgetting/people.sql:empty_notifications_with_name": BY_HAND,
    "infra/admin/forgetting/people.sql:delete_account_events": BY_HAND,
    "infra/admin/forgetting/salon.sql:clients": BY_HAND,
    "infra/admin/forgetting/shared_tables.sql:messages": BY_HAND,
    "infra/admin/forgetting/shared_tables.sql:delete_lanes": BY_HAND,
    "infra/admin/forgetting/shared_tables.sql:delete_deliveries": BY_HAND,
    "infra/admin/forgetting/support.sql:customers": BY_HAND,
    "infra/admin/learning/settings.sql:keep_weak_devices": BY_HAND,
    "shared/courses/personal_data.sql:collect": OWN,
    "shared/courses/personal_data.sql:delete_attendance": OWN,
    "shared/courses/personal_data.sql:delete_attendance_history": OWN,
    "shared/courses/personal_data.sql:delete_homework": OWN,
    "shared/courses/personal_data.sql:delete_submissions": OWN,
    "shared/courses/personal_data.sql:delete_recipients": OWN,
    "shared/courses/personal_data.sql:delete_person": OWN,
    "shared/courses/personal_data.sql:delete_absences": OWN,
    "shared/courses/personal_data.sql:delete_healing_signups": OWN,
    "shared/courses/personal_data.sql:lock_healing_sessions": OWN,
}

GONE = "reads what failed and was not mended; it goes after its term, which this history does not do"
WALLS = "its wall makes the planner expect fewer of a salon's rows than a page has, so it sorts all of them: 0.05 s"

LATE_GROWERS = {
    "functions/housekeeping/platform.sql:delete_failed_updates": GONE,
    "functions/salon_pages/reports/manage/alerts.sql:over": WALLS,
    "functions/salon_pages/reports/manage/audits.sql:listed": WALLS,
    "infra/admin/forgetting/shared_tables.sql:delete_failed_updates": BY_HAND,
    "infra/admin/forgetting/shared_tables.sql:delete_starts": BY_HAND,
    "infra/admin/outbox/changes.sql:redrive": BY_HAND,
    "infra/admin/outbox/changes.sql:survey": BY_HAND,
    "infra/admin/people/starts.sql:people": "reads what a mentor was not sent, until it finds something that was",
    "infra/admin/recovery/after_restore.sql:former_end": BY_HAND,
    "infra/admin/trace/trace.sql:failed_updates": GONE,
}
