by_auto       = "a.auto.tfvars"
by_auto_json  = "a.auto.tfvars"
by_file       = "a.auto.tfvars"
by_option     = "a.auto.tfvars"
from_auto_map = { a = [1, "b", null], "c d" = { e = true } }
