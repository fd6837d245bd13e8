# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Makes the documentation's tables of what the benchmarks print: NAME.txt becomes NAME.md (tables.py)."""
import json
import re
import statistics

COMMAND = "$ "  # begins the line that tells what printed the part below it

# what the table says, the benchmark, what it is per, its plain loops, and for each pixel or colour the bytes that it
# must read and write at least, or the multiply-adds of doubles that all distances take
STEPS = [
    ("count and list colours", "count", "pixel", ["count_flat_table", "count_by_sorting", "count_by_hashing"], 3),
    ("build the tree", "build_tree", "color", ["build_tree_plain"], 19),
    ("seeding, 7 × 4 candidates", "seeding/k:8", "color", ["seeding_plain/k:8"], None),
    ("one Lloyd step", "step/k:8", "color", ["step_plain/k:8"], None),
    ("one Lloyd step, all distances in vectors", "step_vectors/k:8", "color", ["step_plain/k:8"], "24 multiply-adds"),
    ("label the colours", "label_colors/k:8", "color", [], None),
    ("label the pixels, 8 bits", "label_pixels/k:8", "pixel", ["label_pixels_plain/k:8"], 4),
    ("recolor", "recolor", "pixel", ["recolor_plain"], 4),
    ("mask", "mask", "pixel", ["mask_plain"], 2),
    ("`kmeans`, K = 3", "kmeans/k:3", "pixel", ["kmeans_plain/k:3"], 10),
    ("`kmeans`, K = 8", "kmeans/k:8", "pixel", ["kmeans_plain/k:8"], 10),
    ("`kmeans`, K = 16", "kmeans/k:16", "pixel", ["kmeans_plain/k:16"], 10),
    ("`segment` + `recolor`", "segment_and_recolor/k:8", "pixel", [], 10),
]
PHOTO_STEPS = [
    ("count", "count"), ("tree", "build_tree"), ("seeding", "seeding/k:8"), ("step", "step/k:8"),
    ("label pixels", "label_pixels/k:8"), ("recolor", "recolor"), ("mask", "mask"), ("`kmeans`", "kmeans/k:8"),
    ("`segment` + `recolor`", "segment_and_recolor/k:8"),
]  # fmt: skip
REGION_STEPS = [
    ("`find_regions`", "find_regions/k:8"), ("in plain loops", "find_regions_plain/k:8"),
    ("`merge_small_regions`", "merge_small_regions/k:8"), ("`find_borders`", "find_borders/k:8"),
    ("`simplify`", "simplify/k:8"), ("`outlines`", "outlines/k:8"),
    ("of all: `find_borders`", "find_borders_of_specks/k:8"), ("`simplify`", "simplify_specks/k:8"),
    ("`outlines`", "outlines_of_specks/k:8"),
]  # fmt: skip


def parts(text):
    """What each command printed."""
    return re.split(rf"^{re.escape(COMMAND)}.*\n", text, flags=re.MULTILINE)[1:]


def rows(text):
    """The cells of a table's rows, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def table(head, body):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body]) + "\n"


def with_table(text, marks, new):
    """A page with what stands between the marks replaced."""
    begin, end = f"<!-- {marks} -->\n", "<!-- end -->"
    return re.sub(rf"({re.escape(begin)}).*?(?={end})", lambda found: f"{found[1]}\n{new}\n", text, flags=re.DOTALL)


def timed(text):
    """By name, the runs of Google Benchmark's repetitions."""
    found = {}
    for part in parts(text):
        for one in json.loads(part[part.index("{") :])["benchmarks"]:
            if one["run_type"] == "iteration" and "error_occurred" not in one:
                found.setdefault(one["run_name"], []).append(one)
    return found


def short(number):
    return f"{number:.0f}" if number >= 100 else f"{number:#.3g}".rstrip(".")


def from_to(low, high, unit=""):
    return short(low) + (f" to {short(high)}" if short(low) != short(high) else "") + unit


def as_printed(text):
    """The table of a program that prints it as it is shown, and what it says below."""
    printed = parts(text)[0]
    return printed[printed.index("\n|") + 1 :].strip("\n") + "\n" if not printed.startswith("|") else printed


def printed_tables(text):
    return re.split(r"\n\n+", as_printed(text).strip())


def points(text):
    """After what the others run with."""
    printed = parts(text)[0]
    return f"```text\n{printed[: printed.index('|')].strip()}\n```\n\n{as_printed(text)}"


def limits(text):
    runs = timed(text)

    def rate(name, counter, scale=1e9):
        values = sorted(one[counter] / scale for one in runs.get(name, []))
        return from_to(values[0], values[-1]) if values else None

    body = [
        ("reading memory (128 MB)", rate("read/bytes:134217728", "bytes"), "GB/s"),
        ("copying memory, bytes read and written", rate("copy/bytes:134217728", "bytes"), "GB/s"),
        ("reading the second cache (256 KB)", rate("read/bytes:262144", "bytes"), "GB/s"),
        ("writing memory never touched, pages of 4 KiB", rate("first_touch", "bytes"), "GB/s"),
        ("writing memory never touched, pages of 2 MiB", rate("first_touch_large_pages", "bytes"), "GB/s"),
        ("multiply-adds of floats, AVX-512", rate("multiply_add/level:2", "multiply_adds"), "G/s"),
        ("multiply-adds of floats, AVX2", rate("multiply_add/level:1", "multiply_adds"), "G/s"),
        ("the same, SSE2 (a multiplication and an addition)", rate("multiply_add/level:0", "multiply_adds"), "G/s"),
    ]
    return table(["of the machine", ""], [[name, f"{value} {unit}"] for name, value, unit in body if value])


def peak(text):
    body = []
    for name, runs in timed(text).items():
        d, k = re.search(r"d:(\d+)/k:(\d+)", name).groups()
        values = sorted(one["of_peak"] for one in runs)
        body.append([d, k, f"{values[0]:.2f} to {values[-1]:.2f}"])
    return table(["coordinates", "K", "of the peak"], body)


def best(runs, name):
    return min(one["cpu_time"] for one in runs[name]) if name in runs else None


def milliseconds(time):
    return "–" if time is None else short(time)


def steps(text, plain_text, limits_text):
    """Of the first photo."""
    runs, plain = timed(text), timed(plain_text)
    machine = timed(limits_text)
    read = statistics.median(one["bytes"] for one in machine["read/bytes:134217728"])
    multiply_adds = max(one["multiply_adds"] for name in machine if "multiply" in name for one in machine[name])
    photo = next(iter(runs)).split("/")[0]
    body = []
    for label, name, per, plain_names, touched in STEPS:
        found = min(runs[f"{photo}/{name}"], key=lambda one: one["cpu_time"])
        each = 1e9 * found.get(f"s/{per}", 0)
        loops = [milliseconds(best(plain, f"{photo}/{other}")) for other in plain_names]
        beside = f"{loops[0]} ms" if loops else ""
        beside += f" (sorting {loops[1]}, hashing {loops[2]})" if len(loops) > 1 else ""
        limit, of = None, ""
        if touched == "24 multiply-adds":
            limit, of = 1e9 * 24 / (multiply_adds / 2), "multiply-adds"
        elif touched:
            limit, of = 1e9 * touched / read, "memory"
        body.append([
            label, f"{short(found['cpu_time'])} ms", f"{short(each)} ns a {per.replace('color', 'colour')}", beside,
            f"{limit:.2f} ns: {of}" if limit else "none, see below", f"{each / limit:.1f}" if limit else "",
        ])  # fmt: skip
    return table(["step", "time", "per", "plain loop", "limit", "times the limit"], body)


def photos(text, steps=PHOTO_STEPS):
    runs = timed(text)
    names = dict.fromkeys(name.split("/")[0] for name in runs)
    body = [[photo, *(milliseconds(best(runs, f"{photo}/{name}")) for _, name in steps)] for photo in names]
    return table(["photo", *(label for label, _ in steps)], body)


def hostile_maps(text):
    """Without what the results count."""

    def shown(cell):
        time, memory, _ = cell.split(", ")
        return f"{time}, {int(memory.split()[0]):,} MB"

    body = [[name, *map(shown, cells)] for name, *cells in rows(text)]
    calls = ("find_regions", "merge_small_regions", "find_borders", "simplify", "outlines")
    return table(["map", *(f"`{call}`" for call in calls)], body)


def copies(text):
    """`segment` and `recolor` beside copying the photo."""
    runs = timed(text)
    body = []
    for photo in dict.fromkeys(name.split("/")[0] for name in runs):
        whole, *copied = (
            best(runs, f"{photo}/{name}")
            for name in ("segment_and_recolor/k:8", "copy_over", "copy_into_fresh_image", "copy_into_fresh")
        )
        body.append([photo, *map(milliseconds, (whole, *copied)), f"{whole / copied[0]:.1f}"])
    head = ["photo", "`segment` + `recolor`", "copy into memory in use", "into fresh large pages", "into that of `new`"]
    return table([*head, "times the first copy"], body)


def two_threads(text, one_thread):
    alone = {(row[0], row[2]): row[6] for row in rows(one_thread)}
    body = [[*(row[i] for i in (0, 2, 3, 4, 5, 6)), alone.get((row[0], row[2]), "–")] for row in rows(text)]
    head = ["photo", "K", "attempts", "lloyd ms", "OpenCV ms", "times as fast", "with one thread each"]
    return table(head, body) + "\n" + text[text.rindex("|\n") + 2 :].strip() + "\n"


def canny(text):
    """Three runs of each photo, then one with fresh memory, then one with l2."""
    runs = [rows(part) for part in parts(text)]
    count = len(runs) // 5
    if any(row[6] != "0" for run in runs for row in run):
        raise SystemExit("canny: bytes differ from OpenCV's")
    body = []
    for photo in range(count):
        usual = [runs[turn * count + photo] for turn in range(3)]
        fresh, squares = runs[3 * count + photo], runs[4 * count + photo]
        for i, (name, megapixels, step, *_) in enumerate(usual[0]):
            ours, theirs, ratios = ([float(run[i][column]) for run in usual] for column in (3, 4, 5))
            body.append([
                name, megapixels, step, f"{statistics.median(ours):.2f}", f"{statistics.median(theirs):.2f}",
                f"{statistics.median(ratios):.1f}", f"{min(ratios):.1f} to {max(ratios):.1f}", fresh[i][5],
                "–" if step == "blur" else squares[i][5],
            ])  # fmt: skip
    return table(["photo", "MP", "step", "lloyd ms", "OpenCV ms", "times as fast", "from, to", "fresh", "`l2`"], body)


def color(text):
    by_photo = {}
    for name, megapixels, conversion, ours, theirs, ratio, *_ in rows(text):
        by_photo.setdefault(f"{name} ({megapixels})", {})[conversion] = f"{ours} / {theirs} = **{ratio}**"
    head = ["photo (MP)", *next(iter(by_photo.values()))]
    return table(head, [[photo, *cells.values()] for photo, cells in by_photo.items()])


def spaces(text):
    """Ten iterations, then as many as it takes."""
    body = [[*few[:5], many[4], f"{many[5]}, {many[6]}"] for few, many in zip(*map(rows, parts(text)))]
    head = ["photo", "`segment` with", "ms", "`rgb` ms", "times as long", "until convergence", "iterations, of `rgb`"]
    return table(head, body)


def between(ratios, digits):
    ratios = list(ratios)
    return f"{min(ratios):.{digits}f} to {max(ratios):.{digits}f}"


def takes(ratios, digits=1):
    return f"takes {between(ratios, digits)} times as long"


def beside_libimagequant(text):
    """At its default speed and at its best, 16 colours and more, with lloyd's quickest."""
    errors, _, times, _ = (
        {name: list(map(float, cells)) for name, *cells in rows(part)} for part in printed_tables(text)
    )

    def ratios(of, speed):
        own, other = of["lloyd, 1 attempt, 10 iterations"], of[f"libimagequant, speed {speed}"]
        return [b / a for a, b in zip(own, other)][1:]

    worse = ratios(errors, 4) + ratios(errors, 1)
    return (
        f"at its default speed 4 {takes(ratios(times, 4), 0)}, at 1, its best, {between(ratios(times, 1), 0)}; "
        f"mean squared error {between(worse, 2)} times as large"
    )


def readme(of):
    """Rows of the comparison, of those outputs that are there, with ranges of the ratios in the other tables."""
    made = []
    if "kmeans" in of:
        ratios = (float(row[6]) for row in rows(of["kmeans"]))
        made.append(("K-Means on 8-bit photographs", takes(ratios, 0), "not measured", "–"))
    if "quantizers_cq100" in of:
        made.append(("palettes of 16 to 256 colours", "–", "–", beside_libimagequant(of["quantizers_cq100"])))
    if "points" in of:
        ratios = map(float, re.search(r"all coordinates:.* others, ([\d.]+) to ([\d.]+)", of["points"]).groups())
        name = "K-Means on points of `float`, 2 to 128 coordinates"
        made.append((name, "not measured", f"its better algorithm {takes(ratios)}", "–"))
    if "regions" in of:
        found = rows(printed_tables(of["regions"])[0])
        opencv, skimage = ([float(row[column].split("(")[1].strip(")")) for row in found] for column in (6, 7))
        name = "regions of 8 labels: areas, boxes, centers"
        made.append((name, takes(opencv, 0), f"with NumPy {takes(skimage, 0)}", "–"))
    if "canny" in of:
        edges = rows(canny(of["canny"]))
        for name, step in (("Canny, one channel, without blur", "Canny"), ("blur and Canny, RGB", "blur + Canny, RGB")):
            made.append((name, takes(float(row[5]) for row in edges if row[2] == step), "–", "–"))
    if "color" in of:
        ratios = (float(row[5]) for row in rows(of["color"]) if row[2] == "RGB → HSV")
        made.append(("RGB to HSV, 8 bits", takes(ratios), "–", "–"))
    return "".join(f"| {name} | 1 | {' | '.join(cells)} |\n" for name, *cells in made)


MAKERS = {
    **{
        name: (as_printed, [name])
        for name in (
            "kmeans", "iterations", "seeding", "threads", "photo_threads", "growth_1", "growth_2", "elbow", "palettes", "mpi",
            "regions", "quantizers_cq100", "quantizers_photos",
        )
    },  # fmt: skip
    "points": (points, ["points"]),
    "limits": (limits, ["limits"]),
    "peak": (peak, ["peak"]),
    "steps": (steps, ["steps", "plain", "limits"]),
    "photos": (photos, ["steps"]),
    "copies": (copies, ["steps"]),
    "two_threads": (two_threads, ["two_threads", "kmeans"]),
    "canny": (canny, ["canny"]),
    "color": (color, ["color"]),
    "spaces": (spaces, ["spaces"]),
    "region_steps": (lambda text: photos(text, REGION_STEPS), ["region_steps"]),
    "hostile_maps": (hostile_maps, ["hostile_maps"]),
}


def make_all(output):
    """Each table whose outputs are there."""
    of = {path.stem: path.read_text(encoding="utf-8") for path in output.glob("*.txt")}
    able = {name: maker for name, maker in MAKERS.items() if set(maker[1]) <= set(of)}
    made = {name: make(*(of[part] for part in needs)) for name, (make, needs) in able.items()}
    made["readme"] = readme(of)
    if "machine" in of:
        made["machine"] = of["machine"]
    for name, text in made.items():
        (output / f"{name}.md").write_text(text, encoding="utf-8")
