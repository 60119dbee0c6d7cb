# A zip of a directory without what no running function needs.

data "archive_file" "this" {
  type             = "zip"
  source_dir       = var.source_dir
  output_path      = var.output_path
  output_file_mode = var.executable ? "0755" : "0644"
  excludes         = setunion(setsubtract(local.left_out, var.keep), var.excludes)

  lifecycle {
    precondition {
      condition     = length(setsubtract(var.keep, local.left_out)) == 0
      error_message = "`keep` names patterns of this module's list, as they stand in its `main.tf`."
    }

    postcondition {
      condition     = self.output_size <= 50 * 1024 * 1024
      error_message = "Lambda takes a zip of at most 50 MB directly: leave out more of it, or upload it to S3."
    }
  }
}

locals {
  # A pattern without a slash is for the top of the directory; `**/` makes it one for every depth. Where it fits a
  # directory, all of that is left out.
  #
  # Not among them: `docs`, which boto3 imports its own of; `dist-info`, without which nobody can say what is
  # installed; `tests` inside of a library, for some import theirs.
  left_out = [
    # what opens other doors
    "**/.git", "**/.hg", "**/.svn",
    "**/.env", "**/.env.*", "**/.envrc",
    "**/.aws", "**/.docker", "**/.kube", "**/.git-credentials", "**/.netrc", "**/.npmrc", "**/.pypirc", "**/.htpasswd", "**/.pgpass", "**/.my.cnf",
    "**/id_rsa*", "**/id_dsa*", "**/id_ecdsa*", "**/id_ed25519*", "**/*.p12", "**/*.pfx", "**/*.jks", "**/*.keystore", "**/*.kdb", "**/*.kdbx", "**/*.ppk",
    "**/*.tfstate", "**/*.tfstate.*", "**/*.tfvars", "**/*.tfvars.json", "**/*.tfplan",

    # how the account is built
    "**/.terraform", "*.tf", "*.tf.json", ".terraform.lock.hcl", "terragrunt.hcl", "serverless.yml", "serverless.yaml", ".serverless",
    "samconfig.toml", "samconfig.yaml", "samconfig.yml", "template.yaml", "template.yml", ".aws-sam", "cdk.json", "cdk.context.json", "cdk.out",

    # data, logs and backups
    "**/*.sqlite", "**/*.sqlite3", "**/*.dump", "**/*.bak", "**/*.mdb", "**/*.rdb", "**/*.sql.gz", "**/*.log", "**/*.log.*",

    # what tools and people keep beside the code
    "**/.venv", "venv", "**/virtualenv", "tests", "test", "__tests__", "spec", "e2e", "test_*.py", "*_test.py", "conftest.py", "*.test.js", "*.spec.js", "*.test.mjs", "*.test.ts", "*.spec.ts",
    ".github", ".gitlab", ".circleci", ".vscode", ".idea", ".devcontainer", ".husky", ".changeset", ".gitignore", ".gitattributes", ".gitlab-ci.yml", ".travis.yml",
    ".dockerignore", ".editorconfig", ".pre-commit-config.yaml", "Dockerfile", "Makefile", "Jenkinsfile", "buildspec.yml", "tox.ini", "pytest.ini", "tsconfig*.json",
    "README*", "CHANGELOG*", "CONTRIBUTING*",
    "**/.pytest_cache", "**/.mypy_cache", "**/.ruff_cache", "**/.hypothesis", "**/.tox", "**/.nox", "**/.cache", "**/.parcel-cache", "**/.nyc_output", "**/.gradle", "**/.ipynb_checkpoints",
    "**/htmlcov", "**/.coverage", "coverage",
    "**/__pycache__", # it holds the time of the build, and Lambda's Python may be another
    "**/.DS_Store", "**/._*", "**/__MACOSX", "**/Thumbs.db", "**/desktop.ini", "**/*.swp", "**/*.swo", "**/*~",
  ]
}
