-- Reminders of the course, each once per person, and which of them a person wants.
select 1;
