# What every function has to say.

variable "name" {
  description = "The function's name. Its role, log group and alarms are named after it."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,51}$", var.name))
    error_message = "A name has 1 to 51 letters, digits, `_` and `-`: the role's name is it with a suffix, within 64 characters."
  }
}

variable "package" {
  description = "What the function runs: a zip (`filename`), an object in S3 (`s3_bucket`, `s3_key`, `s3_object_version`) or a container image (`image_uri`, by digest)."
  type = object({
    filename          = optional(string)
    source_code_hash  = optional(string)
    s3_bucket         = optional(string)
    s3_key            = optional(string)
    s3_object_version = optional(string)
    image_uri         = optional(string)
  })

  validation {
    condition     = length([for one in [var.package.filename, var.package.s3_bucket, var.package.image_uri] : one if one != null]) == 1
    error_message = "Give exactly one of `filename`, `s3_bucket` and `image_uri`."
  }

  validation {
    condition     = (var.package.s3_bucket == null) == (var.package.s3_key == null)
    error_message = "A package in S3 has both `s3_bucket` and `s3_key`."
  }

  validation {
    condition     = var.package.image_uri == null ? true : can(regex("@sha256:[0-9a-f]{64}$", var.package.image_uri))
    error_message = "Name the image by its digest (`...@sha256:...`): a tag can be moved to other code after you have looked at it."
  }
}

variable "runtime" {
  description = "The runtime, a current one; leave it out for a container image."
  type        = string
  default     = null

  validation {
    condition = var.runtime == null ? true : contains([
      "python3.12", "python3.13", "python3.14",
      "nodejs22.x", "nodejs24.x",
      "java17", "java21", "java25",
      "dotnet8", "dotnet10",
      "ruby3.3", "ruby3.4",
      "provided.al2023",
    ], var.runtime)
    error_message = "This runtime is deprecated, close to it, or not known to this version of the module. See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html."
  }
}

variable "handler" {
  description = "The handler, such as `app.handler`; leave it out for a container image."
  type        = string
  default     = null
}

variable "reserved_concurrency" {
  description = "How many instances may run at once. It bounds what a loop or an attack costs, and what it takes from other functions."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= 0 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "Reserved concurrency is a whole number; 0 stops the function."
  }
}

variable "unreserved_reason" {
  description = "Why the function draws on the account's unreserved pool, where `reserved_concurrency` is left out. It becomes a tag."
  type        = string
  default     = null

  validation {
    condition     = var.unreserved_reason == null ? true : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{10,256}$", var.unreserved_reason))
    error_message = "Write the reason in a sentence of 10 to 256 letters, digits, spaces and `_.:/=+-@`: it becomes a tag."
  }
}

variable "alarms" {
  description = "Where alarms are sent (`actions`, ARNs of SNS topics), or in writing why nowhere; and when: the share of invocations that fail, and how many standard deviations above the usual number of invocations are too many."
  type = object({
    actions           = optional(list(string), [])
    no_actions_reason = optional(string)
    error_rate        = optional(number, 0.05)
    spike_deviations  = optional(number, 4)
  })

  validation {
    condition     = length(var.alarms.actions) > 0 || can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{10,256}$", var.alarms.no_actions_reason))
    error_message = "An alarm that tells nobody is none: give `actions`, or say in `no_actions_reason` who looks at it (letters, digits, spaces and `_.:/=+-@`: it becomes a tag)."
  }

  validation {
    condition     = var.alarms.error_rate > 0 && var.alarms.error_rate < 1
    error_message = "`error_rate` is a share: 0.05 is five invocations of a hundred."
  }
}

# What it may do.

variable "permissions" {
  description = "What the function may do: under a name that says what for, actions and the ARNs they are for. Logs, traces, secrets, the network and event sources bring their own."
  type = map(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for one in values(var.permissions) : alltrue([for action in one.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])])
    error_message = "Name each action, without `*`: `s3:GetObject`, not `s3:Get*`. `stockade policy` finds those that the code needs."
  }

  validation {
    condition     = alltrue([for one in values(var.permissions) : length(one.actions) > 0 && length(one.resources) > 0])
    error_message = "Each permission has actions and resources."
  }

  validation {
    condition = alltrue([
      for one in values(var.permissions) : alltrue([
        for resource in one.resources : can(regex("^arn:[^:*]+:[^:*]+:[^:*]*:[^:*]*:[^*]+", resource))
      ])
    ])
    error_message = "Name each resource by its ARN. A `*` may stand for what is inside of it (`arn:aws:s3:::bucket/uploads/*`), not for the resource, account or service."
  }

  validation {
    condition     = alltrue([for name in keys(var.permissions) : can(regex("^[A-Za-z0-9]+$", name))])
    error_message = "A permission's name becomes its `Sid`: letters and digits only, such as `ReadOrders`."
  }
}

variable "secrets" {
  description = "Secrets that the function fetches when it runs: the environment variable that names each, with the secret's ARN. The function gets `secretsmanager:GetSecretValue` on it, and `kms:Decrypt` where `kms_key_arn` is given."
  type = map(object({
    arn         = string
    kms_key_arn = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for one in values(var.secrets) : can(regex("^arn:[^:*]+:secretsmanager:[^:*]+:[0-9]{12}:secret:[^*]+$", one.arn))])
    error_message = "Give the ARN of one secret of Secrets Manager, without `*`."
  }
}

variable "permissions_boundary" {
  description = "The ARN of a policy that bounds what the role can ever do."
  type        = string
  default     = null
}

# Who may call it.

variable "triggers" {
  description = "Services that invoke the function: the service's principal and the ARN of what it does so for. Buckets need `source_account` too, for their ARNs name no account."
  type = map(object({
    principal      = string
    source_arn     = string
    source_account = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for one in values(var.triggers) : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)?\\.amazonaws\\.com$", one.principal))])
    error_message = "The principal is a service, such as `events.amazonaws.com`."
  }

  validation {
    condition     = alltrue([for one in values(var.triggers) : can(regex("^arn:[^:*]+:[^:*]+:[^:*]*:[^:*]*:[^*]+", one.source_arn))])
    error_message = "Name what invokes the function by its ARN: without it any account's could."
  }

  validation {
    condition     = alltrue([for one in values(var.triggers) : one.principal != "s3.amazonaws.com" || one.source_account != null])
    error_message = "A bucket's ARN names no account, and a deleted bucket's name may be taken by another one: give `source_account`."
  }
}

variable "queues" {
  description = "SQS queues that the function works off, by a name of your own. The function gets what reading them takes; failed messages are reported one by one, so the handler returns `batchItemFailures`."
  type = map(object({
    arn                 = string
    batch_size          = optional(number, 10)
    batching_window     = optional(number)
    maximum_concurrency = optional(number)
    kms_key_arn         = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for one in values(var.queues) : can(regex("^arn:[^:*]+:sqs:[^:*]+:[0-9]{12}:[^*]+$", one.arn))])
    error_message = "Give the ARN of one SQS queue."
  }
}

variable "streams" {
  description = "Streams that the function reads, by a name of your own: the ARN of a Kinesis stream (`kind = \"kinesis\"`) or of a DynamoDB table's stream (`kind = \"dynamodb\"`)."
  type = map(object({
    kind              = string
    arn               = string
    batch_size        = optional(number, 100)
    batching_window   = optional(number)
    starting_position = optional(string, "TRIM_HORIZON")
    retries           = optional(number, 10)
    kms_key_arn       = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for one in values(var.streams) : contains(["kinesis", "dynamodb"], one.kind) && can(regex("^arn:[^:*]+:${one.kind}:[^:*]+:[0-9]{12}:[^*]+$", one.arn))])
    error_message = "Give the ARN of one Kinesis stream or DynamoDB stream, and its kind."
  }
}

variable "url" {
  description = "A function URL. Callers sign their requests (`AWS_IAM`) unless `public_reason` says why anyone may call it, and what checks and limits them instead."
  type = object({
    public_reason = optional(string)
    cors_origins  = optional(list(string), [])
    cors_methods  = optional(list(string), ["GET", "POST"])
  })
  default = null

  validation {
    condition     = try(var.url.public_reason, null) == null ? true : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{10,256}$", var.url.public_reason))
    error_message = "Write in a sentence why the URL is public, and what authenticates and limits its callers (letters, digits, spaces and `_.:/=+-@`: it becomes a tag)."
  }

  validation {
    condition     = alltrue([for origin in try(var.url.cors_origins, []) : can(regex("^https?://[^*]+$", origin))])
    error_message = "Name each origin: `https://shop.example.com`, not `*`."
  }
}

variable "api" {
  description = "An HTTP API in front of the function: routes such as `GET /orders`, a JWT authorizer (`issuer` and `audience`) or signed requests (`iam`), throttled and logged."
  type = object({
    routes         = list(string)
    issuer         = optional(string)
    audience       = optional(list(string), [])
    iam            = optional(bool, false)
    rate_limit     = optional(number, 50)
    burst_limit    = optional(number, 100)
    cors_origins   = optional(list(string), [])
    cors_methods   = optional(list(string), ["GET", "POST"])
    retention_days = optional(number, 90)
  })
  default = null

  validation {
    condition     = var.api == null ? true : try(var.api.iam, false) != (try(var.api.issuer, null) != null)
    error_message = "Say who may call the API: `issuer` and `audience` of a JWT authorizer, or `iam = true`."
  }

  validation {
    condition     = try(var.api.issuer, null) == null ? true : length(var.api.audience) > 0
    error_message = "Without an audience, tokens that were issued for another application would be taken."
  }

  validation {
    condition     = alltrue([for route in try(var.api.routes, []) : can(regex("^(GET|POST|PUT|PATCH|DELETE|HEAD|ANY) /", route))])
    error_message = "A route is a method and a path: `GET /orders/{id}`."
  }

  validation {
    condition     = alltrue([for origin in try(var.api.cors_origins, []) : can(regex("^https?://[^*]+$", origin))])
    error_message = "Name each origin: `https://shop.example.com`, not `*`."
  }
}

# How it runs.

variable "description" {
  description = "What the function is for."
  type        = string
  default     = ""
}

variable "environment" {
  description = "Environment variables; whoever may read the function's configuration reads them. For secrets there is `secrets`."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for name, value in var.environment :
      !can(regex("(?i)(password|passwd|secret|token|api_?key|private_?key|credentials?)$", name)) || can(regex("^(arn:|/|https?://)", value)) || value == ""
    ])
    error_message = "A variable whose name ends as a secret's holds a value here. Put the value into Secrets Manager and its ARN under `secrets`."
  }

  validation {
    condition     = alltrue([for value in values(var.environment) : !can(regex("-----BEGIN [A-Z ]*PRIVATE KEY|(AKIA|ASIA)[A-Z0-9]{16}|sk_live_|gh[pousr]_[A-Za-z0-9]{36}|://[^/:@ ]+:[^/@ ]+@", value))])
    error_message = "A variable holds what looks like a key or a password. Put it into Secrets Manager and its ARN under `secrets`."
  }
}

variable "environment_kms_key_arn" {
  description = "A customer managed key for the environment variables. The function gets `kms:Decrypt` on it."
  type        = string
  default     = null
}

variable "architecture" {
  description = "`arm64` or `x86_64`."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Lambda has `arm64` and `x86_64`."
  }
}

variable "memory_size" {
  description = "Memory in MB."
  type        = number
  default     = 256
}

variable "timeout" {
  description = "Seconds after which an invocation is ended."
  type        = number
  default     = 10

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "A timeout is 1 to 900 seconds."
  }
}

variable "layers" {
  description = "ARNs of layer versions."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for layer in var.layers : can(regex(":[0-9]+$", layer))])
    error_message = "A layer is named with its version."
  }
}

variable "untraced_reason" {
  description = "Why X-Ray does not trace the function actively (high traffic whose callers sample, for instance). Without it, it does."
  type        = string
  default     = null

  validation {
    condition     = var.untraced_reason == null ? true : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{10,256}$", var.untraced_reason))
    error_message = "Write the reason in a sentence of 10 to 256 letters, digits, spaces and `_.:/=+-@`: it becomes a tag."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 90

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 days or some years."
  }
}

variable "log_kms_key_arn" {
  description = "A customer managed key for the log groups; its policy has to let CloudWatch Logs use it."
  type        = string
  default     = null
}

variable "on_failure" {
  description = "The SQS queue (`queue_arn`) or SNS topic (`topic_arn`) that gets events which could not be handled: asynchronous ones, and those of streams. Without it asynchronous events are lost after two retries."
  type = object({
    queue_arn   = optional(string)
    topic_arn   = optional(string)
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.on_failure == null ? true : (try(var.on_failure.queue_arn, null) == null) != (try(var.on_failure.topic_arn, null) == null)
    error_message = "Give either `queue_arn` or `topic_arn`."
  }
}

variable "vpc" {
  description = "Subnets in at least two Availability Zones, and security groups, where the function has to reach what is private. It gets the network permissions this takes."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc == null ? true : length(try(var.vpc.subnet_ids, [])) >= 2 && length(try(var.vpc.security_group_ids, [])) >= 1
    error_message = "Give at least two subnets, in different Availability Zones, and a security group."
  }
}

variable "code_signing_config_arn" {
  description = "A code signing configuration: only packages signed as it says are deployed."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that has tags."
  type        = map(string)
  default     = {}
}
