# Carillon on Google Cloud Run functions, for OpenTofu 1.11 or newer (Terraform 1.11, too). It was never applied: the tests read it
# and compare it with serverless.yml, and validate it where somebody ran `tofu init`. Its arguments are those that the provider 7.45
# documents. Look at the plan before you apply it.
#
#   make package-gcp
#   cd infra/gcp && tofu init && tofu apply -var project=… -var archives=../../build/gcp -var-file=secrets.tfvars
#
# secrets.tfvars: secrets = { DATABASE_URL_<function> = "…", SECRETS_KEY = "…", CRON_SECRET = "…", LLM_API_KEY = "…",
# YCLIENTS_PARTNER_TOKEN = "…", AWS_ACCESS_KEY_ID = "…", AWS_SECRET_ACCESS_KEY = "…" }, a dash for what there is not. The latter are of a
# bucket for housekeeping's archive: an HMAC key, with settings = { ARCHIVE_URL = "s3://bucket/prefix", AWS_ENDPOINT_URL_S3 =
# "https://storage.googleapis.com" } and make package-gcp EXTRAS=archive. They are ephemeral, and written to Secret Manager by write-only attributes: neither the state nor a plan
# holds one. Raise secrets_version when they change.
#
# A scheduled function looks itself whether it is the scheduler who calls, by its token, or a poke, by CRON_SECRET
# (infra/gcp/scheduler.py).

terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.0"
    }
  }
}

variable "project" { type = string }

variable "region" {
  type    = string
  default = "europe-west3"
}

variable "archives" { type = string }

variable "secrets" {
  type      = map(string)
  ephemeral = true
  sensitive = true
}

variable "secrets_version" {
  type    = number
  default = 1
}

# What differs from one deployment to the next: LLM_API_URL, LLM_MODEL, MEDIA_URL, SALON_PAGES_URL, CORS_ORIGINS, EVOLUTION_API_URL.
variable "settings" {
  type    = map(string)
  default = {}
}

provider "google" {
  project = var.project
  region  = var.region
}

locals {
  # A schedule: when the scheduler calls it; empty: outsiders do.
  functions = {
    ingest_webhook          = { memory = "256Mi", timeout = 10, instances = 12, schedule = "", secrets = ["CRON_SECRET", "SECRETS_KEY"], settings = ["POKE", "POKE_ANSWERS", "MEDIA_URL"] }
    telegram_webhook        = { memory = "256Mi", timeout = 10, instances = 8, schedule = "", secrets = ["CRON_SECRET", "SECRETS_KEY"], settings = ["POKE", "MEDIA_URL", "SALON_PAGES_URL"] }
    serve_media             = { memory = "512Mi", timeout = 30, instances = 3, schedule = "", secrets = ["SECRETS_KEY"], settings = ["EVOLUTION_API_URL"] }
    agent_reply             = { memory = "256Mi", timeout = 90, instances = 10, schedule = "", secrets = ["LLM_API_KEY"], settings = ["CORS_ORIGINS", "LLM_API_URL", "LLM_MODEL"] }
    learning_api            = { memory = "256Mi", timeout = 10, instances = 6, schedule = "", secrets = [], settings = ["CORS_ORIGINS"] }
    dispatch_notifications  = { memory = "256Mi", timeout = 75, instances = 4, schedule = "* * * * *", secrets = ["CRON_SECRET", "SECRETS_KEY"], settings = ["EVOLUTION_API_URL"] }
    handover_reminder_sweep = { memory = "256Mi", timeout = 60, instances = 1, schedule = "* * * * *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    answer_conversations    = { memory = "256Mi", timeout = 75, instances = 2, schedule = "* * * * *", secrets = ["CRON_SECRET", "LLM_API_KEY"], settings = ["POKE", "LLM_API_URL", "LLM_MODEL"] }
    remind_deadlines        = { memory = "256Mi", timeout = 60, instances = 1, schedule = "*/15 * * * *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    daily_metrics_digest    = { memory = "256Mi", timeout = 60, instances = 1, schedule = "*/15 * * * *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    verify_bookings         = { memory = "256Mi", timeout = 75, instances = 1, schedule = "*/5 * * * *", secrets = ["CRON_SECRET", "SECRETS_KEY", "YCLIENTS_PARTNER_TOKEN"], settings = [] }
    remind_participants     = { memory = "256Mi", timeout = 60, instances = 1, schedule = "*/15 * * * *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    salon_pages             = { memory = "256Mi", timeout = 10, instances = 4, schedule = "", secrets = ["CRON_SECRET"], settings = ["POKE", "SALON_PAGES_URL"] }
    housekeeping            = { memory = "256Mi", timeout = 60, instances = 1, schedule = "0 3 * * *", secrets = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CRON_SECRET"], settings = ["ARCHIVE_URL", "AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION"] }
  }
  # Known before there is a function: what others poke, and what the scheduler's tokens are made for.
  address   = "https://${var.region}-${var.project}.cloudfunctions.net"
  settings  = merge({ POKE = "http:${local.address}/dispatch-notifications", POKE_ANSWERS = "http:${local.address}/answer-conversations" }, var.settings)
  scheduled = { for name, function in local.functions : name => function if function.schedule != "" }
  secrets   = toset(concat(flatten([for function in local.functions : function.secrets]), [for name, _ in local.functions : "DATABASE_URL_${name}"]))
}

resource "google_secret_manager_secret" "secret" {
  for_each  = local.secrets
  secret_id = "carillon-${each.key}"
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "secret" {
  for_each               = local.secrets
  secret                 = google_secret_manager_secret.secret[each.key].id
  secret_data_wo         = var.secrets[each.key]
  secret_data_wo_version = var.secrets_version
}

# An identity for each function, which reads the secrets that it asks for, and nothing else.
resource "google_service_account" "function" {
  for_each     = local.functions
  account_id   = substr("carillon-${replace(each.key, "_", "-")}", 0, 30)
  display_name = each.key
}

resource "google_secret_manager_secret_iam_member" "function" {
  for_each = merge([
    for name, function in local.functions : {
      for secret in concat(function.secrets, ["DATABASE_URL_${name}"]) : "${name} ${secret}" => { function = name, secret = secret }
    }
  ]...)
  secret_id = google_secret_manager_secret.secret[each.value.secret].id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${google_service_account.function[each.value.function].email}"
}

resource "google_storage_bucket" "sources" {
  name                        = "${var.project}-carillon-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
}

resource "google_storage_bucket_object" "source" {
  for_each = local.functions
  bucket   = google_storage_bucket.sources.name
  name     = "${each.key}-${filesha256("${var.archives}/${each.key}.zip")}.zip"
  source   = "${var.archives}/${each.key}.zip"
}

resource "google_cloudfunctions2_function" "function" {
  for_each   = local.functions
  name       = replace(each.key, "_", "-")
  location   = var.region
  depends_on = [google_secret_manager_secret_version.secret, google_secret_manager_secret_iam_member.function]

  build_config {
    runtime     = "python313"
    entry_point = each.key
    # The buildpack decides by this how to start the function: set when it runs alone, it comes too late.
    environment_variables = { FUNCTION_USE_ASGI = "1" }
    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.source[each.key].name
      }
    }
  }

  service_config {
    available_memory                 = each.value.memory
    timeout_seconds                  = each.value.timeout
    max_instance_count               = each.value.instances
    max_instance_request_concurrency = 1
    service_account_email            = google_service_account.function[each.key].email
    environment_variables = merge(
      { FUNCTION_USE_ASGI = "1", SERVER_ENV = "prod" },
      each.value.schedule == "" ? {} : {
        SCHEDULER_ACCOUNT  = google_service_account.scheduler.email
        SCHEDULER_AUDIENCE = "${local.address}/${replace(each.key, "_", "-")}"
      },
      { for name in each.value.settings : name => lookup(local.settings, name, "") },
    )
    dynamic "secret_environment_variables" {
      for_each = merge({ for secret in each.value.secrets : secret => secret }, { DATABASE_URL = "DATABASE_URL_${each.key}" })
      content {
        key        = secret_environment_variables.key
        project_id = var.project
        secret     = google_secret_manager_secret.secret[secret_environment_variables.value].secret_id
        version    = "latest"
      }
    }
  }
}

# Everybody may call, and each function asks who it is. Where Google asked, nobody could poke what is scheduled, and Google would take
# the signature off the scheduler's token.
resource "google_cloud_run_service_iam_member" "public" {
  for_each = local.functions
  location = var.region
  service  = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = "allUsers"
}

# It may do nothing: its tokens say who calls.
resource "google_service_account" "scheduler" {
  account_id = "carillon-scheduler"
}

resource "google_cloud_scheduler_job" "schedule" {
  for_each         = local.scheduled
  name             = "carillon-${replace(each.key, "_", "-")}"
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "${each.value.timeout + 15}s"
  retry_config {
    retry_count = 2
  }
  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.function[each.key].url
    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = "${local.address}/${replace(each.key, "_", "-")}"
    }
  }
}
