variable "source_dir" {
  description = "The directory with what the function runs, its dependencies installed in it."
  type        = string

  validation {
    condition     = length(fileset(var.source_dir, "**")) > 0
    error_message = "This directory is not there or is empty; build the function into it before Terraform plans."
  }
}

variable "output_path" {
  description = "Where the zip is written; outside of `source_dir`."
  type        = string

  validation {
    condition     = endswith(var.output_path, ".zip")
    error_message = "Give a path that ends with `.zip`."
  }
}

variable "excludes" {
  description = "What else is left out: globs of paths in `source_dir`, such as `**/*.map`."
  type        = set(string)
  default     = []
}

variable "keep" {
  description = "What is left out by default, and is not here: patterns of the list in `main.tf`, such as `template.yaml`."
  type        = set(string)
  default     = []
}

variable "executable" {
  description = "Whether files may be executed, as the `bootstrap` of `provided.al2023` has to be. The modes are set either way, so that the zip is the same on every machine."
  type        = bool
  default     = false
}
