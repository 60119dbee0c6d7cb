# Conditionals, splats, try, can, coalesce, indexing, `for` in all its forms.

variable "users" {
  default = [
    { name = "ada", roles = ["admin", "dev"], address = { city = "London" } },
    { name = "grace", roles = [], address = null },
  ]
}

variable "null_string" {
  type    = string
  default = null
}

locals {
  empty_map = {}
  nested    = { a = { b = [{ c = "deep" }] } }
}

resource "terraform_data" "splats" {
  input = {
    names      = var.users[*].name
    legacy     = var.users.*.name
    roles      = var.users[*].roles
    first      = slice(var.users, 0, 1)[*].roles[0]
    scalar     = "one" [*]
    null       = var.null_string[*]
    object     = { a = 1 }[*].a
    flat       = flatten(var.users[*].roles)
    deep       = local.nested.a.b[*].c
    index_last = local.nested["a"]["b"][0]["c"]
    expression = [for u in var.users : u.name][1]
    computed   = local.nested[join("", ["a"])].b
  }
}

resource "terraform_data" "fallbacks" {
  input = {
    try_missing   = try(local.nested.x.y, local.nested.a.b[0].c)
    try_null      = try(var.users[1].address.city, "unknown city")
    try_convert   = try(tonumber("nope"), tonumber("12"))
    can_true      = can(local.nested.a)
    can_false     = can(local.empty_map.a)
    coalesce      = coalesce(null, "", "first")
    coalesce_null = coalesce(var.null_string, "given")
    coalescelist  = coalescelist([], ["x"], ["y"])
    lookup        = lookup({ a = 1 }, "a", 2)
    lookup_absent = lookup({ a = 1 }, "b", 2)
    conditional   = var.null_string == null ? "was null" : var.null_string
    mixed_list    = true ? [1, 2] : ["a"]
    mixed_empty   = false ? { a = "b" } : {}
    null_branch   = false ? "x" : null
    short         = var.null_string != null && length(var.users) > 1
  }
}

resource "terraform_data" "comprehensions" {
  input = {
    list       = [for u in var.users : upper(u.name)]
    with_index = [for i, u in var.users : "${i}=${u.name}"]
    filtered   = [for u in var.users : u.name if length(u.roles) > 0]
    object     = { for u in var.users : u.name => length(u.roles) }
    grouped    = { for r in ["dev", "ops", "docs"] : substr(r, 0, 1) => r... }
    from_map   = [for k, v in { b = 2, a = 1 } : "${k}${v}"]
    from_set   = [for s in toset(["z", "y"]) : s]
    nested     = [for u in var.users : [for r in u.roles : "${u.name}/${r}"]]
    shadowed   = [for u in ["a"] : [for u in ["b"] : u]]
    values     = { for k, v in { x = { on = true }, y = { on = false } } : k => v if v.on }
    inverted   = { for k, v in { x = "1", y = "2" } : v => k }
  }
}

resource "terraform_data" "collections" {
  input = {
    merged     = merge({ a = 1, b = 2 }, null, { b = "two", c = [1] })
    deep       = merge([{ a = 1 }, { b = 2 }]...)
    keys       = keys({ b = 1, a = 2 })
    contains   = contains(["a", "b"], "b")
    distinct   = distinct(["a", "b", "a"])
    zipped     = zipmap(["a", "b"], [1, 2])
    range      = range(1, 10, 3)
    element    = element(["a", "b"], 5)
    index      = index(["a", "b"], "b")
    chunks     = chunklist(["a", "b", "c"], 2)
    transposed = transpose({ a = ["1", "2"], b = ["2"] })
    sum        = sum([1, 2.5, -3])
    one        = one(["x"])
    setops     = [setunion(["b"], ["a"]), setintersection(["a", "b"], ["b"]), setsubtract(["a", "b"], ["a"])]
    product    = setproduct(["a", "b"], [1, 2])
    compact    = compact(["a", "", null, "b"])
    reversed   = reverse([1, 2, 3])
    sorted     = sort(["b", "a", "B", "10", "9"])
    matchkeys  = matchkeys(["i1", "i2"], ["a", "b"], ["b"])
    alltrue    = [alltrue([]), anytrue([]), alltrue([true, "false"])]
    quoted     = { "a b" = 1, (upper("k")) = 2, "c${1 + 1}" = 3 }
  }
}
