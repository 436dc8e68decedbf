#!/usr/bin/env python3
"""Adds lines "key|English|Chinese" from standard input to the catalogue: hack/words.py FILE < lines.

FILE is the part of the product, such as queue. An English form of one and many is written
"one form//other form". Keys that are there already are changed.
"""
import json
import pathlib
import sys

folder = pathlib.Path(__file__).parent.parent / "internal/words/locales"
part = sys.argv[1]
new = [line.rstrip("\n").split("|") for line in sys.stdin if line.strip() and not line.startswith("#")]
for column, language in ((1, "en"), (2, "zh-CN")):
    path = folder / f"{part}.{language}.json"
    words = json.loads(path.read_text()) if path.exists() else {}
    for line in new:
        if len(line) != 3:
            sys.exit(f"not key|English|Chinese: {'|'.join(line)}")
        says = line[column]
        if language == "en" and "//" in says:
            one, other = says.split("//")
            words[line[0]] = {"one": one, "other": other}
        elif language == "zh-CN" and "//" in line[1]:
            words[line[0]] = {"other": says}
        else:
            words[line[0]] = says
    path.write_text(json.dumps(words, ensure_ascii=False, indent=2) + "\n")
