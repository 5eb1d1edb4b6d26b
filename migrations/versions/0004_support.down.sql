drop schema support cascade;
alter table platform.webhook_sources
    drop column gateway,
    drop column signing_secret_sealed;
