// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Computes what the page shows, by the module of page.cpp. One request is answered before the next is taken. A step is
// repeated only if what it depends on has changed.
"use strict";

const SPACES = ["rgb", "hsv", "hsv_cone", "lab", "oklab"];
const ROWS_AT_ONCE = 64;

let lloyd;
let done = {};  // the parameters of the segments, regions, edges and drawing that the module holds

const bytes = (start, size) => new Uint8Array(lloyd.memory.buffer, start, size);
const doubles = (start, count) => new Float64Array(lloyd.memory.buffer, start, count);
const copy = (start, size) => bytes(start, size).slice();

async function load(module) {
  const stop = () => { throw new Error("stopped"); };
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = name === "proc_exit" ? stop : () => 0;
  lloyd = (await WebAssembly.instantiate(module, imports)).exports;
  lloyd._initialize?.();
}

function shown() {
  const size = lloyd.shown_size(), width = lloyd.shown_width();
  return { width, height: size / 4 / width, pixels: copy(lloyd.shown_pixels(), size) };
}

// Opens a file of any kind that the browser reads. What is transparent is white.
async function open({ file, most }) {
  let picture;
  try {
    picture = await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    return { refusal: "unreadable" };
  }
  const { width, height } = picture;
  if (width * height > most) return { refusal: "large", width, height };
  const canvas = new OffscreenCanvas(width, Math.min(height, ROWS_AT_ONCE));
  const paint = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  const rows = lloyd.open_photo(width, height, canvas.height);
  for (let y = 0; y < height; y += canvas.height) {
    const count = Math.min(canvas.height, height - y);
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, width, count);
    paint.drawImage(picture, 0, -y);
    bytes(rows, 4 * width * count).set(paint.getImageData(0, 0, width, count).data);
    lloyd.take_rows(y, count);
  }
  picture.close();
  done = {};
  const colors = lloyd.count_colors();
  lloyd.draw_photo();
  return {
    width, height, colors,
    photo: shown(),
    codes: copy(lloyd.colors(), 3 * colors),
    counts: doubles(lloyd.counts(), colors).slice(),
  };
}

// Whether a step must be repeated, since one of these parameters has another value than last time.
function changed(step, ...parameters) {
  const now = parameters.join();
  if (done[step] === now) return false;
  done[step] = now;
  return true;
}

function segment({ k, space, smallest }) {
  if (changed("segments", k, space)) {
    lloyd.segment(k, SPACES.indexOf(space));
    done.merged = "";
  }
  if (changed("merged", k, space, smallest)) lloyd.merge(smallest);
}

function palette(k) {
  const colors = bytes(lloyd.palette(), 3 * k), shares = doubles(lloyd.shares(), k);
  return Array.from(shares, (share, j) => ({ color: Array.from(colors.subarray(3 * j, 3 * j + 3)), share }));
}

// Takes what the page asks for, computes it, and returns what to show.
function show(wanted) {
  const start = performance.now();
  const answer = {};
  if (wanted.view === "edges") {
    if (wanted.automatic) {
      if (changed("thresholds")) {
        lloyd.find_thresholds();
        done.found = Array.from(doubles(lloyd.numbers(), 2));
      }
      [wanted.low, wanted.high] = done.found;
    }
    lloyd.draw_edges(wanted.low, wanted.high);
    Object.assign(answer, { low: wanted.low, high: wanted.high });
  } else {
    segment(wanted);
    answer.palette = palette(wanted.k);
    if (wanted.view === "regions") {
      answer.regions = lloyd.count_regions();
      lloyd.draw_regions();
    } else if (wanted.view === "segments") {
      lloyd.draw_segments();
    }
  }
  if (wanted.view === "shapes") {
    const title = new TextEncoder().encode(wanted.title);
    bytes(lloyd.set_title(title.length), title.length).set(title);
    const size = lloyd.write_svg(wanted.tolerance);
    answer.svg = copy(lloyd.file(), size);
  } else {
    answer.picture = shown();
  }
  answer.milliseconds = performance.now() - start;
  return answer;
}

// The file of what is shown, in the photo's own size.
function save(wanted) {
  const { svg } = show(wanted);
  if (svg) return { svg };
  const size = lloyd.write_png();
  return { png: copy(lloyd.file(), size) };
}

function elbow({ codes, counts }) {
  bytes(lloyd.open_colors(counts.length), codes.length).set(codes);
  doubles(lloyd.open_counts(), counts.length).set(counts);
  const points = lloyd.find_elbow(Math.min(10, counts.length));
  const [knee, ...rest] = doubles(lloyd.numbers(), 5 + points);
  return { knee, suggestions: rest.slice(0, 4), curve: rest.slice(4) };
}

const tasks = { load: ({ module }) => load(module), open, show, save, elbow };

onmessage = async ({ data: { task, ...wanted } }) => {
  let answer;
  try {
    answer = (await tasks[task](wanted)) ?? {};
  } catch (error) {
    answer = { refusal: "stopped", reason: String(error) };  // memory ran out, in nearly all cases
  }
  const buffers = [answer.picture?.pixels, answer.photo?.pixels, answer.svg, answer.png, answer.codes, answer.counts];
  postMessage(answer, buffers.filter(Boolean).map((part) => part.buffer));
};
