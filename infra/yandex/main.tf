# Carillon on Yandex Cloud Functions, for OpenTofu 1.11 or newer (Terraform, too). It was never applied: the tests read it and compare
# it with serverless.yml, and validate it where somebody ran `tofu init`. Its arguments are those that the provider 0.222 documents.
# Look at the plan before you apply it.
#
#   make package-yandex
#   export DATABASE_URL_ingest_webhook=… SECRETS_KEY=… CRON_SECRET=… LLM_API_KEY=… YCLIENTS_PARTNER_TOKEN=…   (a dash for what there is not)
#   export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…   (of a bucket for housekeeping's archive, see below, or a dash)
#   cd infra/yandex && tofu init && tofu apply -var cloud=… -var folder=… -var archives=../../build/yandex
#
# The provider asks for each secret's value by a command of its own, so neither the state nor a plan holds one. Raise
# secrets_version when they change. First the database alone (-target=yandex_mdb_postgresql_database.carillon), then
# `carillon db upgrade` and `carillon db roles` by somebody who may create roles; a user that the cluster makes may not: either
# Yandex's support lends it CREATEROLE (docs/operations.md), or the database is elsewhere and this file's part is left out.
#
# Authorization and Cookie never reach a function: API clients send X-Api-Token, providers X-Webhook-Secret. Nobody can be signed in
# to the pages here: let salon_pages run as a container.
# An archive: settings = { ARCHIVE_URL = "s3://bucket/prefix", AWS_ENDPOINT_URL_S3 = "https://storage.yandexcloud.net",
# AWS_DEFAULT_REGION = "ru-central1" }, a static access key that may upload there, and make package-yandex EXTRAS=archive.
# POKE, POKE_ANSWERS, MEDIA_URL and SALON_PAGES_URL are known after the first apply, from its outputs: settings = { POKE = "http:…" }.

terraform {
  required_version = ">= 1.11"
  required_providers {
    yandex = {
      source  = "yandex-cloud/yandex"
      version = ">= 0.150"
    }
  }
}

variable "cloud" { type = string }

variable "folder" { type = string }

variable "zone" {
  type    = string
  default = "ru-central1-d"
}

variable "archives" { type = string }

variable "secrets_version" {
  type    = number
  default = 1
}

# What differs from one deployment to the next: POKE, LLM_API_URL, LLM_MODEL, MEDIA_URL, CORS_ORIGINS, EVOLUTION_API_URL and so on.
variable "settings" {
  type    = map(string)
  default = {}
}

provider "yandex" {
  cloud_id  = var.cloud
  folder_id = var.folder
  zone      = var.zone
}

locals {
  # A schedule: when its timer calls a function (UTC); empty: outsiders do, through the gateway.
  functions = {
    ingest_webhook          = { memory = 256, timeout = 10, instances = 12, schedule = "", secrets = ["CRON_SECRET", "SECRETS_KEY"], settings = ["POKE", "POKE_ANSWERS", "MEDIA_URL"] }
    telegram_webhook        = { memory = 256, timeout = 10, instances = 8, schedule = "", secrets = ["CRON_SECRET", "SECRETS_KEY"], settings = ["POKE", "MEDIA_URL", "SALON_PAGES_URL"] }
    serve_media             = { memory = 512, timeout = 30, instances = 3, schedule = "", secrets = ["SECRETS_KEY"], settings = ["EVOLUTION_API_URL"] }
    agent_reply             = { memory = 256, timeout = 90, instances = 10, schedule = "", secrets = ["LLM_API_KEY"], settings = ["CORS_ORIGINS", "LLM_API_URL", "LLM_MODEL"] }
    learning_api            = { memory = 256, timeout = 10, instances = 6, schedule = "", secrets = [], settings = ["CORS_ORIGINS"] }
    dispatch_notifications  = { memory = 256, timeout = 75, instances = 4, schedule = "* * * * ? *", secrets = ["CRON_SECRET", "SECRETS_KEY"], settings = ["EVOLUTION_API_URL"] }
    handover_reminder_sweep = { memory = 256, timeout = 60, instances = 1, schedule = "* * * * ? *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    answer_conversations    = { memory = 256, timeout = 75, instances = 2, schedule = "* * * * ? *", secrets = ["CRON_SECRET", "LLM_API_KEY"], settings = ["POKE", "LLM_API_URL", "LLM_MODEL"] }
    remind_deadlines        = { memory = 256, timeout = 60, instances = 1, schedule = "*/15 * * * ? *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    daily_metrics_digest    = { memory = 256, timeout = 60, instances = 1, schedule = "*/15 * * * ? *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    verify_bookings         = { memory = 256, timeout = 75, instances = 1, schedule = "*/5 * * * ? *", secrets = ["CRON_SECRET", "SECRETS_KEY", "YCLIENTS_PARTNER_TOKEN"], settings = [] }
    remind_participants     = { memory = 256, timeout = 60, instances = 1, schedule = "*/15 * * * ? *", secrets = ["CRON_SECRET"], settings = ["POKE"] }
    salon_pages             = { memory = 256, timeout = 10, instances = 4, schedule = "", secrets = ["CRON_SECRET"], settings = ["POKE", "SALON_PAGES_URL"] }
    housekeeping            = { memory = 256, timeout = 60, instances = 1, schedule = "0 3 * * ? *", secrets = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CRON_SECRET"], settings = ["ARCHIVE_URL", "AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION"] }
  }
  scheduled = { for name, function in local.functions : name => function if function.schedule != "" }
  public    = { for name, function in local.functions : name => function if function.schedule == "" }
  secrets   = toset(concat(flatten([for function in local.functions : function.secrets]), [for name, _ in local.functions : "DATABASE_URL_${name}"]))
}

# The database, behind the pooler that every cluster has (port 6432), in transaction mode.
resource "yandex_vpc_network" "carillon" {}

resource "yandex_vpc_subnet" "carillon" {
  network_id     = yandex_vpc_network.carillon.id
  v4_cidr_blocks = ["10.1.0.0/24"]
}

resource "yandex_mdb_postgresql_cluster" "carillon" {
  name                = "carillon"
  environment         = "PRODUCTION"
  network_id          = yandex_vpc_network.carillon.id
  deletion_protection = true

  config {
    version                   = 17
    backup_retain_period_days = 14
    resources {
      resource_preset_id = "s3-c2-m8"
      disk_type_id       = "network-ssd"
      disk_size          = 20
    }
    access {
      serverless = true
    }
    pooler_config {
      pooling_mode = "TRANSACTION"
      pool_discard = false
    }
  }

  host {
    zone             = var.zone
    subnet_id        = yandex_vpc_subnet.carillon.id
    assign_public_ip = true # functions and commands come over the Internet, with TLS
  }
}

# Its password is made by Yandex's Connection Manager and lies in Lockbox, not in the state.
resource "yandex_mdb_postgresql_user" "carillon" {
  cluster_id        = yandex_mdb_postgresql_cluster.carillon.id
  name              = "carillon"
  generate_password = true
}

resource "yandex_mdb_postgresql_database" "carillon" {
  cluster_id = yandex_mdb_postgresql_cluster.carillon.id
  name       = "carillon"
  owner      = yandex_mdb_postgresql_user.carillon.name
}

resource "yandex_lockbox_secret" "secret" {
  for_each = local.secrets
  name     = "carillon-${each.key}"
}

resource "yandex_lockbox_secret_version" "secret" {
  for_each    = local.secrets
  secret_id   = yandex_lockbox_secret.secret[each.key].id
  description = "version ${var.secrets_version}"
  entries {
    key = "value"
    command {
      path = "/bin/sh"
      args = ["-c", "printf %s \"$${${each.key}:?is not exported}\""]
    }
  }
}

# An identity for each function, which reads the secrets that it asks for, and nothing else.
resource "yandex_iam_service_account" "function" {
  for_each = local.functions
  name     = "carillon-${replace(each.key, "_", "-")}"
}

resource "yandex_lockbox_secret_iam_member" "function" {
  for_each = merge([
    for name, function in local.functions : {
      for secret in concat(function.secrets, ["DATABASE_URL_${name}"]) : "${name} ${secret}" => { function = name, secret = secret }
    }
  ]...)
  secret_id = yandex_lockbox_secret.secret[each.value.secret].id
  role      = "lockbox.payloadViewer"
  member    = "serviceAccount:${yandex_iam_service_account.function[each.value.function].id}"
}

resource "yandex_storage_bucket" "sources" {
  bucket = "${var.folder}-carillon-sources"
}

resource "yandex_storage_object" "source" {
  for_each    = local.functions
  bucket      = yandex_storage_bucket.sources.bucket
  key         = "${each.key}-${filesha256("${var.archives}/${each.key}.zip")}.zip"
  source      = "${var.archives}/${each.key}.zip"
  source_hash = filemd5("${var.archives}/${each.key}.zip")
}

resource "yandex_function" "function" {
  for_each           = local.functions
  name               = replace(each.key, "_", "-")
  user_hash          = filesha256("${var.archives}/${each.key}.zip")
  runtime            = "python312"
  entrypoint         = "index.handle"
  memory             = each.value.memory
  execution_timeout  = each.value.timeout
  concurrency        = 1
  service_account_id = yandex_iam_service_account.function[each.key].id
  depends_on         = [yandex_lockbox_secret_iam_member.function]

  environment = merge(
    { FUNCTION_TARGET = each.key, SERVER_ENV = "prod" },
    { for name in each.value.settings : name => var.settings[name] if contains(keys(var.settings), name) },
  )
  dynamic "secrets" {
    for_each = merge({ for secret in each.value.secrets : secret => secret }, { DATABASE_URL = "DATABASE_URL_${each.key}" })
    content {
      id                   = yandex_lockbox_secret.secret[secrets.value].id
      version_id           = yandex_lockbox_secret_version.secret[secrets.value].id
      key                  = "value"
      environment_variable = secrets.key
    }
  }
  package {
    bucket_name = yandex_storage_bucket.sources.bucket
    object_name = yandex_storage_object.source[each.key].key
  }
}

resource "yandex_function_scaling_policy" "function" {
  for_each    = local.functions
  function_id = yandex_function.function[each.key].id
  policy {
    tag                  = "$latest"
    zone_instances_limit = each.value.instances
    zone_requests_limit  = each.value.instances
  }
}

# Who calls: the gateway and the timers by one identity; others, with CRON_SECRET, only what is poked.
resource "yandex_iam_service_account" "caller" {
  name = "carillon-caller"
}

resource "yandex_function_iam_binding" "caller" {
  for_each    = local.functions
  function_id = yandex_function.function[each.key].id
  role        = "functions.functionInvoker"
  members = concat(
    ["serviceAccount:${yandex_iam_service_account.caller.id}"],
    contains(["answer_conversations", "dispatch_notifications"], each.key) ? ["system:allUsers"] : [],
  )
}

resource "yandex_function_trigger" "schedule" {
  for_each = local.scheduled
  name     = "carillon-${replace(each.key, "_", "-")}"
  timer {
    cron_expression = each.value.schedule
  }
  function {
    id                 = yandex_function.function[each.key].id
    service_account_id = yandex_iam_service_account.caller.id
    retry_attempts     = "2"
    retry_interval     = "20"
  }
}

resource "yandex_api_gateway" "gateway" {
  name              = "carillon"
  execution_timeout = "90"
  spec = yamlencode({
    openapi = "3.0.0"
    info    = { title = "Carillon", version = "1" }
    paths = { for name, function in local.public : "/${name}/{proxy+}" => {
      "x-yc-apigateway-any-method" = {
        parameters = [{ name = "proxy", in = "path", required = true, schema = { type = "string" } }]
        "x-yc-apigateway-integration" = {
          type                   = "cloud_functions"
          function_id            = yandex_function.function[name].id
          service_account_id     = yandex_iam_service_account.caller.id
          payload_format_version = "1.0"
        }
      }
    } }
  })
}

output "addresses" {
  description = "Where outsiders call each function; MEDIA_URL and SALON_PAGES_URL are among them."
  value       = { for name, _ in local.public : name => "https://${yandex_api_gateway.gateway.domain}/${name}" }
}

output "pokes" {
  description = "POKE and POKE_ANSWERS."
  value = {
    POKE         = "http:https://functions.yandexcloud.net/${yandex_function.function["dispatch_notifications"].id}"
    POKE_ANSWERS = "http:https://functions.yandexcloud.net/${yandex_function.function["answer_conversations"].id}"
  }
}
