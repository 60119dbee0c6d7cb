# Text, number, encoding and file functions as Lambda stacks use them.

locals {
  arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders:live"
}

resource "terraform_data" "text" {
  input = {
    split     = split(":", local.arn)[5]
    join      = join("/", compact(["a", "", "b"]))
    replace   = replace("my_function_name", "_", "-")
    regex_re  = replace("v1.22.333", "/[0-9]+/", "N")
    groups    = replace("key=value", "/(\\w+)=(\\w+)/", "$2=$1")
    regex     = regex("^arn:(?P<partition>[^:]+):(?P<service>[^:]+)", local.arn)
    regexone  = regex("[a-z]+", "123abc456")
    regexpair = regex("([a-z]+)-(\\d+)", "build-42")
    regexall  = regexall("[0-9]+", "a1b22c333")
    format    = format("%s-%03d-%.2f-%t-%q-%5s|%-5s|%x", "a", 7, 3.14159, true, "q", "r", "l", 255)
    formatv   = format("%v %v %v", "s", 1.5, [1, "a"])
    formatl   = formatlist("arn:aws:s3:::%s/*", ["a", "b"])
    substr    = [substr("hello", 1, 3), substr("hello", 1, -1), substr("hello", -3, 2)]
    trims     = [trim("xxaxbxx", "x"), trimprefix("aab", "a"), trimsuffix("abcbc", "bc"), trimspace("  a \n")]
    cases     = [upper("é"), lower("ÀB"), title("hello big world")]
    chomp     = chomp("line\r\n\n")
    indent    = indent(2, "a\nb\nc")
    strrev    = strrev("abc")
    starts    = [startswith("abc", "ab"), endswith("abc", "bc"), strcontains("abc", "x")]
    length    = [length("héllo"), length([1, 2]), length({ a = 1 })]
  }
}

resource "terraform_data" "numbers" {
  input = {
    rounding = [ceil(1.2), floor(-1.2), abs(-3.5), signum(-9)]
    minmax   = [min(3, 1, 2), max(3, 1, 2)]
    pow      = pow(2, 10)
    log      = log(8, 2)
    parseint = [parseint("ff", 16), parseint("-101", 2)]
    convert  = [tonumber("1.50"), tostring(1.50), tostring(true), tobool("true")]
    lists    = [tolist(toset(["b", "a"])), tomap({ a = 1, b = "x" })]
  }
}

resource "terraform_data" "encodings" {
  input = {
    base64    = base64encode("héllo")
    decoded   = base64decode("aGk=")
    sha256    = sha256("x")
    base64sha = base64sha256("x")
    md5       = md5("x")
    url       = urlencode("a b&c=d/é~")
    yaml      = yamldecode("a: [1, two, {b: true}]\nc: ~\nd: |\n  text\n")
    yamlout   = yamldecode(yamlencode({ z = [1, { y = null }], a = "text: with colon" }))
    csv       = csvdecode("name,memory\napi,512\n\"wor,ker\",1024\n")
    uuidv5    = uuidv5("dns", "example.com")
  }
}

resource "terraform_data" "networks" {
  input = {
    host    = cidrhost("10.1.0.0/16", 5)
    subnet  = cidrsubnet("10.1.0.0/16", 8, 2)
    subnets = cidrsubnets("10.1.0.0/16", 4, 8, 4)
    netmask = cidrnetmask("10.1.0.0/20")
  }
}

resource "terraform_data" "files" {
  input = {
    hash     = filebase64sha256("${path.module}/files/handler.py")
    md5      = filemd5("${path.module}/files/handler.py")
    exists   = [fileexists("${path.module}/files/handler.py"), fileexists("${path.module}/nope")]
    set      = fileset(path.module, "files/**/*.py")
    top      = fileset("${path.module}/files", "*")
    names    = [basename("a/b/c.zip"), dirname("a/b/c.zip")]
    contents = trimspace(file("${path.module}/files/config.yaml"))
    config   = yamldecode(file("${path.module}/files/config.yaml")).functions["api"].memory
    base64   = filebase64("${path.module}/files/handler.py")
  }
}

resource "aws_lambda_function" "this" {
  function_name    = element(split(":", local.arn), 6)
  role             = format("arn:aws:iam::%s:role/%s", split(":", local.arn)[4], "orders")
  runtime          = "python3.13"
  handler          = "${trimsuffix(basename("files/handler.py"), ".py")}.handler"
  s3_bucket        = "artifacts"
  s3_key           = "${md5("x")}.zip"
  source_code_hash = filebase64sha256("${path.module}/files/handler.py")
}
