"""Makes the vendored stylesheet and fonts under `static/vendor/` from two npm packages. Run by hand, seldom.

    npm pack bootstrap@5.3 @fontsource-variable/atkinson-hyperlegible-next
    for archive in *.tgz; do mkdir -p "${archive%.tgz}"; tar -xzf "$archive" -C "${archive%.tgz}"; done
    python -m venv font-tools && font-tools/bin/pip install fonttools brotli
    font-tools/bin/python deploy/vendor_front_end.py bootstrap-5.3.*/package fontsource-*/package static/vendor

Bootstrap: the `data:` pictures become `none` (the content security policy lets no `data:` picture through, and a
browser reports even those that a later rule replaces). Left out are the rules for parts that need a script, which
this portal has none of, transitions, Bootstrap's own dark scheme and the widest breakpoint. The name of the file says
`nodata`, its first line the rest.

Fonts: Atkinson Hyperlegible Next cut down to the letters of Finnish, Swedish and English, weights 400-700. The
letters of the Sámi languages and Š Ž sit in a second file, which a browser fetches only for a page that has one.
"""

import json
import re
import shutil
import sys
from pathlib import Path

LEFT_OUT = (
    "accordion",
    "bs-popover",
    "bs-tooltip",
    "btn-close",
    "carousel",
    "collaps",
    "dropdown",
    "dropend",
    "dropstart",
    "dropup",
    "form-floating",
    "modal",
    "navbar",
    "offcanvas",
    "placeholder",
    "popover",
    "spinner",
    "toast",
    "tooltip",
)
LEFT_OUT_CLASS = re.compile(r"\.(?:" + "|".join(LEFT_OUT) + r")")
# `::placeholder` is an element of a field, `.placeholder` a part of Bootstrap: the dot above tells them apart.
MAIN_LETTERS = {*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "–—‘’“”„•…‹›€−")}
RARE_LETTERS = {*map(ord, "ŠšŽžČčĐđŊŋŦŧ")}


def rules(css: str) -> list[tuple[str, str]]:
    """Split minified CSS into (selector or at-rule, body without its braces); the body of @media holds rules."""
    found, start, depth, head = [], 0, 0, ""
    for at, letter in enumerate(css):
        if letter == "{":
            if depth == 0:
                head, start = css[start:at], at + 1
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                found.append((head.strip(), css[start:at]))
                start = at + 1
    return found


def kept(css: str) -> str:
    """The same rules without the parts that are left out; a selector list keeps its other selectors."""
    out = []
    for head, body in rules(css):
        if head.startswith("@media"):
            dropped = ("min-width:1400px", "max-width:1399.98px", "prefers-reduced-motion")
            inner = "" if any(condition in head for condition in dropped) else kept(body)
            if inner:
                out.append(f"{head}{{{inner}}}")
        elif head.startswith("@keyframes"):
            continue  # only spinners, placeholders and moving progress bars used them
        else:
            selectors = [
                s for s in split_selectors(head) if not LEFT_OUT_CLASS.search(s) and "[data-bs-theme=dark]" not in s
            ]
            if selectors:
                out.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(out)


def split_selectors(head: str) -> list[str]:
    """Split at the commas that stand outside brackets, as in `a:not(b,c),d`."""
    parts, depth = [""], 0
    for letter in head:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def vendor_bootstrap(package: Path, out: Path) -> Path:
    version = json.loads((package / "package.json").read_text())["version"]
    css = (package / "dist/css/bootstrap.min.css").read_text()
    licence, css = re.match(r'@charset "UTF-8";(/\*!.*?\*/)(.*)', css, re.S).groups()
    css = re.sub(r"/\*#.*?\*/", "", css)
    css = re.sub(r"(?<=[;{])(?:-webkit-|-moz-)?(?:transition|animation):[^;}]+;?", "", css)
    css = re.sub(r"""url\((["'])data:.*?\1\)""", "none", css)
    changed = "no embedded pictures, script's parts, transitions or dark theme"
    note = f"/* Changed by deploy/vendor_front_end.py: {changed}. */"
    target = out / f"bootstrap-{version}-nodata.min.css"
    target.write_text(f'@charset "UTF-8";{licence}\n{note}\n{kept(css)}\n')
    shutil.copyfile(package / "LICENSE", out / "bootstrap-LICENSE.txt")
    return target


def vendor_fonts(package: Path, out: Path) -> list[Path]:
    from fontTools.subset import Options, Subsetter  # only this function needs fonttools
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    out.mkdir(parents=True, exist_ok=True)
    made = []
    for part, letters, name in (("latin", MAIN_LETTERS, "fi"), ("latin-ext", RARE_LETTERS, "ext")):
        font = TTFont(package / f"files/atkinson-hyperlegible-next-{part}-wght-normal.woff2")
        features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "lnum", "tnum"]
        subsetter = Subsetter(Options(layout_features=features, hinting=False))
        subsetter.populate(unicodes=letters & set(font.getBestCmap()))
        subsetter.subset(font)
        font = instantiateVariableFont(font, {"wght": (400, 700)})
        font.flavor = "woff2"
        font.recalcTimestamp = False  # the same input gives the same file
        made.append(out / f"atkinson-next-{name}.woff2")
        font.save(made[-1])
    shutil.copyfile(package / "LICENSE", out / "atkinson-next-OFL.txt")
    return made


if __name__ == "__main__":
    bootstrap_package, font_package, target_folder = map(Path, sys.argv[1:])
    for made_file in (
        vendor_bootstrap(bootstrap_package, target_folder),
        *vendor_fonts(font_package, target_folder / "fonts"),
    ):
        sys.stdout.write(f"{made_file} {made_file.stat().st_size} bytes\n")
