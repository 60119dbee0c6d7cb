output "package" {
  description = "What the function's `package` takes."
  value = {
    filename         = data.archive_file.this.output_path
    source_code_hash = data.archive_file.this.output_base64sha256
  }
}

output "size" {
  description = "The zip's size in bytes."
  value       = data.archive_file.this.output_size
}
