by_tfvars    = "terraform.tfvars"
by_auto      = "terraform.tfvars"
by_auto_json = "terraform.tfvars"
by_file      = "terraform.tfvars"
by_option    = "terraform.tfvars"
heredoc      = <<-EOT
  two
    lines
EOT
