# Functions that talk to the database run beside it, in two zones. There is no way to the internet: what
# they need of AWS they reach through endpoints.
locals {
  network = {
    subnet_ids         = values(aws_subnet.private)[*].id
    security_group_ids = [aws_security_group.functions.id]
  }
}

resource "aws_vpc" "main" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  for_each = { a = 1, b = 2 }

  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
  availability_zone = "${var.region}${each.key}"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(["dynamodb", "s3"])

  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.${var.region}.${each.key}"
  route_table_ids = [aws_route_table.private.id]
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(["email-smtp", "secretsmanager"])

  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = local.network.subnet_ids
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}

resource "aws_security_group" "functions" {
  name   = "${local.prefix}-functions"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "database" {
  name   = "${local.prefix}-database"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "endpoints" {
  name   = "${local.prefix}-endpoints"
  vpc_id = aws_vpc.main.id
}

# What the functions may reach: the database and the endpoints, each on its own port.
locals {
  targets = {
    database = { port = 5432, group = aws_security_group.database.id }
    secrets  = { port = 443, group = aws_security_group.endpoints.id }
    mail     = { port = 587, group = aws_security_group.endpoints.id }
  }
}

resource "aws_vpc_security_group_egress_rule" "target" {
  for_each = local.targets

  security_group_id            = aws_security_group.functions.id
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "target" {
  for_each = local.targets

  security_group_id            = each.value.group
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "gateway" {
  for_each = aws_vpc_endpoint.gateway

  security_group_id = aws_security_group.functions.id
  prefix_list_id    = each.value.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_db_subnet_group" "orders" {
  name       = "${local.prefix}-orders"
  subnet_ids = local.network.subnet_ids
}

resource "aws_db_instance" "orders" {
  identifier                    = "${local.prefix}-orders"
  engine                        = "postgres"
  instance_class                = "db.t4g.small"
  allocated_storage             = 20
  db_name                       = "orders"
  username                      = "orders"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.main.key_id
  storage_encrypted             = true
  kms_key_id                    = aws_kms_key.main.arn
  multi_az                      = true
  db_subnet_group_name          = aws_db_subnet_group.orders.name
  vpc_security_group_ids        = [aws_security_group.database.id]
}
