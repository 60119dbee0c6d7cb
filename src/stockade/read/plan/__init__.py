"""Plans and states of Terraform, as ``terraform show -json`` prints them, and state files themselves."""
