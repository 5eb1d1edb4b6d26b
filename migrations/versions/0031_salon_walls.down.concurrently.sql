drop index concurrently if exists dashboard.alerts_latest;
drop index concurrently if exists dashboard.bookings_due;
drop index concurrently if exists dashboard.metrics_dailies_day;
