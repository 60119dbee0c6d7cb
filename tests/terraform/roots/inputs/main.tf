# Every way to give a root module its variables; a later one wins.

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

variable "by_default" {
  default = "default"
}

variable "by_environment" {
  default = "default"
}

variable "by_tfvars" {
  default = "default"
}

variable "by_auto" {
  default = "default"
}

variable "by_auto_json" {
  default = "default"
}

variable "by_file" {
  default = "default"
}

variable "by_option" {
  default = "default"
}

variable "untyped" {}

variable "typed_list" {
  type = list(string)
}

variable "typed_map" {
  type = map(object({ memory = number, on = optional(bool, true) }))
}

variable "number_as_text" {
  type = number
}

variable "text_like_number" {
  type = string
}

variable "from_auto_map" {
  type = any
}

variable "heredoc" {
  type = string
}

resource "terraform_data" "inputs" {
  input = {
    by_default       = var.by_default
    by_environment   = var.by_environment
    by_tfvars        = var.by_tfvars
    by_auto          = var.by_auto
    by_auto_json     = var.by_auto_json
    by_file          = var.by_file
    by_option        = var.by_option
    untyped          = var.untyped
    typed_list       = var.typed_list
    typed_map        = var.typed_map
    number_as_text   = var.number_as_text
    text_like_number = var.text_like_number
    from_auto_map    = var.from_auto_map
    heredoc          = var.heredoc
    workspace        = terraform.workspace
    root             = basename(path.root)
    module           = path.module
  }
}

resource "aws_sqs_queue" "each" {
  for_each = { for name, settings in var.typed_map : name => settings if settings.on }

  name          = "${each.key}-${var.by_option}"
  delay_seconds = each.value.memory
}
