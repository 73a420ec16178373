"""
Texts that word vectors are trained on, as lists of strings, one JSON array a line:

    python3 collect.py <out> [<folder of a package index's Translation-en files>]

`<out>/pairs.jsonl`     `[title, passage, question, …]` of ../../words/training, written for this project
`<out>/packages.jsonl`  `[name and summary, paragraph, …]` of Debian's package descriptions
`<out>/manual.jsonl`    `[name or section, paragraph, …]` of the manual pages in /usr/share/man
`<out>/docstrings.jsonl` `[module and name, first line, next paragraph]` of the Python code installed
`<out>/wordnet.jsonl`   `[words, definition, example]` of WordNet 3.0 in /usr/share/wordnet

What the first string says, the others say more of: that is what the vectors learn.
"""
import ast
import glob
import gzip
import json
import os
import random
import re
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


def pairs():
    for file in sorted(glob.glob(os.path.join(HERE, "../../words/training/*.jsonl"))):
        for line in open(file, encoding="utf8"):
            item = json.loads(line)
            yield [item["t"], item["p"], *item["q"]]


def packages(folder):
    empty = r"(this|it) (package )?(contains|provides|is a (meta|dummy|transitional))"
    seen = set()
    for file in sorted(glob.glob(os.path.join(folder, "*Translation-en*"))):
        shown = ["lz4", "-dc", file] if file.endswith(".lz4") else ["cat", file]
        text = subprocess.run(shown, capture_output=True, check=True).stdout.decode("utf8", "replace")
        for entry in text.split("\n\n"):
            name = re.search(r"^Package: (.*)$", entry, re.M)
            said = re.search(r"^Description-en: (.*)\n((?: .*\n?)*)", entry, re.M)
            if not name or not said:
                continue
            paragraphs = [squeeze(part) for part in re.split(r"\n \.\n", "\n" + said.group(2))]
            paragraphs = [one for one in paragraphs if len(one) > 60 and not re.match(empty, one, re.I)]
            if not paragraphs or paragraphs[0][:80] in seen:
                continue
            seen.add(paragraphs[0][:80])
            yield [f"{name.group(1)} {said.group(1).strip()}", *paragraphs[:4]]


def plain(line):
    """A line of a manual page without its marks."""
    line = re.sub(r"\\f(\[[A-Z]*\]|\(..|.)|\\s[-+]?\d+", "", line)
    for mark, text in (("\\-", "-"), ("\\(aq", "'"), ("\\e", "\\"), ("\\&", ""), ("\\|", ""), ("\\ ", " ")):
        line = line.replace(mark, text)
    return re.sub(r"\\\(..|\\\[[^\]]*\]|\\\*\(..|\\.", " ", line)


def sections(text):
    found, name, current = {}, "", []

    def flush():
        said = squeeze(" ".join(current))
        if len(said) > 20:
            found.setdefault(name, []).append(said)
        current.clear()

    for line in text.split("\n"):
        if re.match(r"[.']\\\"", line):
            continue
        heading = re.match(r'\.\s*(?:SH|Sh|SS|Ss)\s+"?(.*?)"?$', line)
        marked = re.match(r"[.']\s*(?:B|I|BR|BI|IR|IB|RB|RI|Nd|Nm|Fl|Ar|Em|Xr)\s+(.*)", line)
        if heading:
            flush()
            name = plain(heading.group(1)).strip()
        elif re.match(r"\.\s*(PP|TP|LP|P|IP|Pp|It|sp|Nm\s*$)", line):
            flush()
        elif marked:
            current.append(plain(marked.group(1)).replace('"', ""))
        elif not line.startswith((".", "'")):
            current.append(plain(line))
    flush()
    return found


def manual():
    said_elsewhere = (
        "NAME|SYNOPSIS|DESCRIPTION|SEE ALSO|AUTHOR|AUTHORS|COPYRIGHT|BUGS|HISTORY|OPTIONS|REPORTING BUGS"
    ).split("|")
    files = sorted(glob.glob("/usr/share/man/man[1-8]/*.gz"))
    random.Random(2).shuffle(files)
    seen, of_family = set(), {}
    for file in files:
        base = os.path.basename(file)
        of_family[base[:4]] = of_family.get(base[:4], 0) + 1
        if os.path.islink(file) or of_family[base[:4]] > 150:
            continue
        with gzip.open(file, "rt", errors="replace") as page:
            found = sections(page.read(200_000))
        name = " ".join(found.get("NAME", []))[:200]
        said = [
            one[:700]
            for part in ("DESCRIPTION", "Description", "OVERVIEW")
            for one in found.get(part, [])
            if len(one) > 80
        ][:3]
        if name and said and said[0][:60] not in seen:
            seen.add(said[0][:60])
            yield [name, *said]
        others = 0
        for part, paragraphs in found.items():
            long = [one for one in paragraphs if len(one) > 100]
            if part in said_elsewhere or len(part) < 4 or not long or others == 8 or long[0][:60] in seen:
                continue
            seen.add(long[0][:60])
            others += 1
            yield [f"{base.split('.')[0]} {part.lower()}", long[0][:700]]


def docstrings():
    roots = {os.path.dirname(os.__file__), *glob.glob("/usr/lib/python3*")}
    files = sorted(file for root in roots for file in glob.glob(f"{root}/**/*.py", recursive=True))
    files = [file for file in files if "/test" not in file and os.path.getsize(file) < 600_000]
    random.Random(3).shuffle(files)
    seen, of_package = set(), {}
    for file in files:
        package = re.search(r".*(?:site-packages|dist-packages|lib/python3[^/]*)/([^/]+)", file)
        package = package.group(1) if package else ""
        if of_package.get(package, 0) > 2_500:
            continue
        try:
            tree = ast.parse(open(file, errors="replace").read())
        except (SyntaxError, ValueError):
            continue
        module = os.path.basename(file)[:-3].replace("_", " ")
        for node in ast.walk(tree):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            said = ast.get_docstring(node)
            if not said or node.name.startswith("__"):
                continue
            first, *rest = [squeeze(part) for part in said.split("\n\n")]
            if len(first) < 15 or first[:50] in seen:
                continue
            seen.add(first[:50])
            of_package[package] = of_package.get(package, 0) + 1
            more = [one[:500] for one in rest if len(one) > 60 and not re.match(r"(Parameters|Returns|Args|:param|>>>|Examples|Raises|\.\. )", one)]
            name = re.sub(r"([a-z])([A-Z])", r"\1 \2", node.name).replace("_", " ")
            yield [f"{module} {name}", first[:300], *more[:1]]


def wordnet():
    for kind in ("noun", "verb", "adj", "adv"):
        for line in open(f"/usr/share/wordnet/data.{kind}"):
            if line.startswith("  "):
                continue
            left, gloss = line.split(" | ", 1)
            fields = left.split(" ")
            words = [fields[4 + 2 * at].replace("_", " ") for at in range(int(fields[3], 16))]
            words = [re.sub(r"\([a-z]+\)$", "", word) for word in words]
            parts = [part.strip() for part in gloss.split(";")]
            examples = [part.strip('" \n') for part in parts if part.startswith('"')]
            meaning = "; ".join(part for part in parts if not part.startswith('"'))
            yield [", ".join(words), meaning, *examples[:1]]


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    lists = sys.argv[2] if len(sys.argv) > 2 else "/var/lib/apt/lists"
    for name, texts in (
        ("pairs", pairs()),
        ("packages", packages(lists)),
        ("manual", manual()),
        ("docstrings", docstrings()),
        ("wordnet", wordnet()),
    ):
        count = 0
        with open(os.path.join(out, f"{name}.jsonl"), "w") as file:
            for row in texts:
                file.write(json.dumps(row) + "\n")
                count += 1
        print(f"{name}: {count}")


main()
