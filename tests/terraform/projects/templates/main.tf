# templatefile and templatestring, directives, strip markers, escapes, flush heredocs.

variable "buckets" {
  type    = list(string)
  default = ["uploads", "reports", "archive"]
}

locals {
  names  = { x = "ada", y = "grace" }
  nested = "%{for k, v in local.names}${k}=${v};%{endfor}"

  flush = <<-EOT
      indented by two more than the least
    the least
      %{if true}
      shown
      %{else}
      hidden
      %{endif}
    end
  EOT

  kept = <<EOT
    nothing is removed here
  $${escaped} %%{if} "quotes" \n stays
EOT

  stripped = <<-EOT
    list:
    %{~for name in var.buckets~}
    - ${name}
    %{~endfor~}
    done
  EOT

  lines = <<-EOT
    %{for name in var.buckets~}
    ${upper(name)}
    %{endfor~}
  EOT

  single  = var.buckets[0]
  object  = { a = 1 }.a
  trimmed = "a ${~"b"~} c"
}

resource "aws_iam_policy" "rendered" {
  name = "rendered"
  policy = templatefile("${path.module}/policy.json.tftpl", {
    buckets  = var.buckets
    readonly = false
    prefix   = "arn:aws:s3:::shop-"
  })
}

resource "aws_iam_policy" "readonly" {
  name = "readonly"
  policy = templatefile("${path.module}/policy.json.tftpl", {
    buckets  = ["only"]
    readonly = true
    prefix   = "arn:aws:s3:::shop-"
  })
}

resource "terraform_data" "texts" {
  input = {
    nested   = local.nested
    flush    = local.flush
    kept     = local.kept
    stripped = local.stripped
    lines    = local.lines
    single   = local.single
    object   = local.object
    trimmed  = local.trimmed
    script   = templatefile("${path.module}/start.sh.tftpl", { name = "api", env = { B = "2", A = "1" }, debug = null })
    number   = "n=${1 + 1}, b=${true}, f=${1.50}"
    escaped  = "tab\there, quote\", slash\\, dollar $${x}, percent %%{x}, lone $ and %, é \u00e9 \U0001D11E"
  }
}
