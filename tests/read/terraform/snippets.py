"""Pieces of Terraform for random tests: correct files, words to throw in, and both put together."""

from __future__ import annotations

import random
import re

CORRECT = [
    'a = 1\nb = "x" # c\n',
    "a = [1, 2, # c\n  3,\n]\n",
    'a = {\n  b = 1\n  "c" : 2, (d) = 3\n  e.f = "g"\n}\n',
    "a = b ? c : d || !e && -f < 1 + 2 * 3\n",
    "a = f(b, [c][0], g(d...))\n",
    "a = b.c[0].*.d.0[*].e[f].g\n",
    'a = "x${b}y$${c}%{ if d }e%{ else ~} f%{ endif }\\n"\n',
    'a = "${ { b = "}" }["b"] ~} z"\n',
    "a = [for k, v in b : v if k != c]\n",
    "a = { for v in b : v.c => v... }\n",
    "a = <<EOT\n  b ${c}\n%{ for d in e ~}\n  ${d}\n%{ endfor ~}\nEOT\n",
    "a = f(<<-EOT\n    b\n      $${c}\n    EOT\n, 1)\n",
    "a { b = 1 }\nc {}\n",
    'a "b" c {\n  d {\n    e = 1 /* f */\n  }\n\n  // g\n  h = [\n    1\n  ]\n}\n',
    "a = provider::aws::f(1e5, 1.5e-3, null, true)\r\nb = 2\r\n",
    'é = "é" # é\n',
    'resource "a" "b" {\n  count = 2\n  c     = jsonencode({ d = ["*"], e = f.g })\n  h {\n    i = j\n  }\n}\n',
]

WORDS = [
    "{", "}", "[", "]", "(", ")", '"', "${", "%{", "$", "%", "~", "~}", "\n", "\r\n", "\r", " ", "\t", ",",
    "=", ":", "?", ".", "*", "...", "=>", "==", "!", "-", "+", "/", "<", "&&", "||", "|", ";", "'", "::",
    "\\", "\\n", "#", "//", "/*", "*/", "/* c */", "# c\n", "<<EOT\n", "<<-E\n", "EOT", "\nEOT\n",
    "\n  E\n", "for ", " in ", " if ", "if", "else", "endif", "endfor", "x", "a", "0", "1", "0.1", "1e5",
    "é", "$${", "%%{", "null", "true", '"a"', '"${x}"', "[*]", ".*", ".0", "[0]", ".x", "-1", "a = 1",
    "a {\n}\n", "%{ if x }", "%{ endif }", "%{ for x in y }", "%{ endfor }", "%{ else }", "${x}",
    "{ x = 1 }", '"\\q"', "\u00a0", "\0",
]  # fmt: skip

_PIECE = re.compile(r"\w+|\s+|.", re.DOTALL)


def mutants(seed: int, count: int) -> list[str]:
    """Correct files with one to three words changed, and short lines of random words."""
    chance = random.Random(seed)
    made: list[str] = []
    while len(made) < count:
        if chance.random() < 0.2:
            words = chance.choices(WORDS, k=chance.randrange(1, 8))
            made.append(f"a = {''.join(words)}\n")
            continue
        pieces: list[str] = _PIECE.findall(chance.choice(CORRECT))
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            at = chance.randrange(len(pieces))
            match chance.randrange(4):
                case 0:
                    pieces[at] = ""
                case 1:
                    pieces[at] = chance.choice(WORDS)
                case _:
                    pieces.insert(at, chance.choice(WORDS))
        made.append("".join(pieces))
    return made
