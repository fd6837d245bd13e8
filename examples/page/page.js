// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The page: reads what the user wants, has it computed by a worker, and shows it. Nothing is computed here.
(() => {
  "use strict";
  const MEGAPIXELS = 64;
  const at = (id) => document.getElementById(id);
  const form = document.querySelector("form");
  const bytesOf = (id) => Uint8Array.from(atob(at(id).textContent), (letter) => letter.charCodeAt(0));
  const grouped = (number) => number.toLocaleString("en");
  const count = (number, what) => `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
  const hexOf = (color) => "#" + color.map((channel) => channel.toString(16).padStart(2, "0")).join("");

  // A worker that answers one request at a time. A request that still waits is replaced by a newer one of its kind.
  class Desk {
    constructor(module, answer) {
      Object.assign(this, { module, answer, waiting: new Map() });
      this.start();
    }
    start() {
      Desk.url ??= URL.createObjectURL(new Blob([at("worker").textContent], { type: "text/javascript" }));
      this.worker = new Worker(Desk.url);
      this.worker.onmessage = ({ data }) => {
        const request = this.request;
        this.busy = false;
        if (data.refusal === "stopped") {  // the module cannot go on, and has lost its photo
          this.worker.terminate();
          this.waiting.clear();
          this.start();
        }
        this.answer(data, request);
        this.send();
      };
      this.post({ task: "load", module: this.module });
    }
    ask(task, wanted) {
      this.waiting.set(task, wanted);
      this.send();
    }
    send() {
      const [next] = this.waiting;
      if (this.busy || !next) return;
      const [task, wanted] = next;
      this.waiting.delete(task);
      this.post({ task, ...wanted });
    }
    post(request) {
      this.busy = true;
      this.request = request;
      this.worker.postMessage(request);
    }
  }

  let painter, sweeper;  // a desk for pictures, and one for the elbow
  let photo = null;      // the one that is open
  let thresholds = { low: 150, high: 200 };
  let wantsSmall = false;  // whether the user has chosen how small regions may be

  // What the controls say.
  const view = () => form.elements.view.value;
  const wanted = () => ({
    view: view(),
    k: Number(at("k").value),
    space: at("space").value,
    smallest: 2 ** at("smallest").value,
    tolerance: Number(at("tolerance").value),
    automatic: at("automatic").checked,
    ...thresholds,
    title: `${photo.name} in ${at("k").value} colours`,
  });

  function say(text) {
    at("message").textContent = text;
    at("message").hidden = !text;
  }

  function open(file, name = file.name || "photo", bundled = false) {
    say("");
    painter.waiting.clear();
    document.documentElement.dataset.state = "busy";
    painter.ask("open", { file, most: MEGAPIXELS * 1e6, name, bundled, dropped: performance.now() });
  }

  function refuse({ refusal, width, height }, { name = "This photo" }) {
    const megapixels = Math.round((width * height) / 1e6);
    if (refusal === "stopped") photo = null;
    say({
      unreadable: `${name} cannot be opened: it is damaged, or no picture that this browser knows. Take a PNG or JPEG.`,
      large: `${name} has ${megapixels} megapixels, but this page takes at most ${MEGAPIXELS}. Take a smaller copy of it.`,
      stopped: "This photo takes more memory than the browser gives to a page. Take a smaller copy of it.",
    }[refusal]);
  }

  function paint(canvas, { width, height, pixels }) {
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
  }

  function opened(answer, { name, bundled, dropped }) {
    photo = { name, dropped, pixels: answer.width * answer.height };
    paint(at("photo"), answer.photo);
    at("about-photo").textContent =
      `${name}, ${grouped(answer.width)} × ${grouped(answer.height)} pixels, ${count(answer.colors, "colour")}`;
    at("credit").hidden = !bundled;
    at("k").max = Math.min(32, answer.width * answer.height);
    at("k").min = Math.min(2, at("k").max);
    at("elbow").replaceChildren();
    at("verdict").textContent = "Finding out …";
    at("studio").hidden = false;
    sweeper.waiting.clear();
    sweeper.ask("elbow", { codes: answer.codes, counts: answer.counts });
    refresh();
  }

  function showPalette(palette) {
    const nodes = [], bars = [];
    for (const { color, share } of palette) {
      const hex = hexOf(color);
      const chip = document.createElement("button");
      chip.type = "button";
      chip.dataset.hex = hex;
      const swatch = document.createElement("i");
      swatch.style.background = hex;
      const code = document.createElement("code");
      code.textContent = hex;
      const percent = document.createElement("span");
      percent.textContent = `${(100 * share).toFixed(1)}\u00a0%`;
      chip.append(swatch, code, percent);
      const item = document.createElement("li");
      item.append(chip);
      nodes.push(item);
      const bar = document.createElement("i");
      bar.style.cssText = `background:${hex};flex-grow:${(100 * share).toFixed(3)}`;
      bars.push(bar);
    }
    at("palette").replaceChildren(...nodes);
    at("shares").replaceChildren(...bars);
  }

  const descriptions = {
    segments: ({ k }) => count(k, "colour"),
    regions: ({ k }, { regions }) => `${count(k, "colour")}, ${count(regions, "region")}`,
    shapes: ({ k }, { svg }) => `${count(k, "colour")} as flat shapes, an SVG of ${grouped(Math.ceil(svg.length / 1000))} KB`,
    edges: (_, { low, high }) => `Edges with a gradient above ${low} that touch one above ${high}`,
  };

  let drawingUrl;
  function showAnswer(answer, now) {
    if (answer.picture) paint(at("picture"), answer.picture);
    at("picture").hidden = !answer.picture;
    at("drawing").hidden = !answer.svg;
    if (answer.svg) {
      URL.revokeObjectURL(drawingUrl);
      drawingUrl = URL.createObjectURL(new Blob([answer.svg], { type: "image/svg+xml" }));
      at("drawing").src = drawingUrl;
    }
    if (answer.palette) showPalette(answer.palette);
    if (now.view === "edges") {
      thresholds = { low: answer.low, high: answer.high };
      for (const id of ["low", "high"]) at(id).value = Math.sqrt(10 * thresholds[id]);
    }
    const text = descriptions[now.view](now, answer);
    at("about-result").textContent = `${text}, in ${Math.max(answer.milliseconds, 1).toFixed(0)} ms`;
    at(answer.svg ? "drawing" : "picture").setAttribute(answer.svg ? "alt" : "aria-label", `The photo: ${text}`);
    label();
    if (photo.dropped) {
      document.documentElement.dataset.opened = Math.round(performance.now() - photo.dropped);
      photo.dropped = 0;
    }
  }

  function download({ png, svg }, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([png ?? svg], { type: png ? "image/png" : "image/svg+xml" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  const savedName = (ending) => `${photo.name.replace(/\.[^.]*$/, "")}-${view()}.${ending}`;

  function take(answer, request) {
    if (answer.refusal) refuse(answer, request);
    else if (request.task === "open") opened(answer, request);
    else if (request.task === "show") showAnswer(answer, request);
    else if (request.task === "save") download(answer, request.file);
    document.documentElement.dataset.state = painter.busy || painter.waiting.size ? "busy" : "ready";
  }

  // The words beside the sliders, and which controls the view has.
  function label() {
    const now = wanted();
    const words = {
      k: `${now.k}`,
      smallest: now.smallest === 1 ? "any" : `${grouped(now.smallest)} px`,
      tolerance: `${now.tolerance} px`,
      low: `${now.low}`,
      high: `${now.high}`,
    };
    for (const [id, text] of Object.entries(words)) {
      document.querySelector(`output[for=${id}]`).textContent = text;
      at(id).setAttribute("aria-valuetext", text);
    }
    for (const part of document.querySelectorAll("[data-views]"))
      part.hidden = !part.dataset.views.split(" ").includes(now.view);
    at("save-png").hidden = now.view === "shapes";
    at("save-svg").hidden = now.view !== "shapes";
    elbow.mark(now.k);
  }

  function refresh() {
    if (!photo) return;
    label();
    document.documentElement.dataset.state = "busy";
    painter.ask("show", wanted());
  }

  // Files come by drop, by paste, or chosen.
  function listen() {
    const overlay = at("drop-here");
    const files = (event) => [...(event.dataTransfer?.files ?? event.clipboardData?.files ?? [])];
    addEventListener("dragover", (event) => { event.preventDefault(); overlay.hidden = false; });
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) overlay.hidden = true; });
    addEventListener("drop", (event) => {
      event.preventDefault();
      overlay.hidden = true;
      const [file] = files(event);
      if (file) open(file); else say("What was dropped is no file. Save the picture first, then drop its file.");
    });
    addEventListener("paste", (event) => {
      const [file] = files(event);
      if (file) open(file); else say("There is no picture to paste.");
    });
    at("file").addEventListener("change", () => {
      if (at("file").files[0]) open(at("file").files[0]);
      at("file").value = "";
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => {
      if (target.id in thresholds) {  // sliders are finer for the small thresholds
        thresholds[target.id] = Math.round(target.value ** 2 / 10);
        thresholds = target.id === "low" ? { low: thresholds.low, high: Math.max(thresholds.low, thresholds.high) }
          : { low: Math.min(thresholds.low, thresholds.high), high: thresholds.high };
        at("automatic").checked = false;
      }
      if (target.id === "smallest") wantsSmall = true;
      if (photo && ["regions", "shapes"].includes(target.value) && !wantsSmall) {  // few enough to be seen
        at("smallest").value = Math.round(Math.log2(Math.max(photo.pixels / 6000, 64)));
        wantsSmall = true;
      }
      refresh();
    });
    at("palette").addEventListener("click", async ({ target }) => {
      const hex = target.closest("button")?.dataset.hex;
      if (!hex) return;
      try {
        await navigator.clipboard.writeText(hex);
        at("copied").textContent = `Copied ${hex}.`;
      } catch {
        at("copied").textContent = `This browser does not let the page copy. The colour is ${hex}.`;
      }
    });
    for (const ending of ["png", "svg"])
      at(`save-${ending}`).addEventListener("click", () => {
        if (photo) painter.ask("save", { ...wanted(), file: savedName(ending) });
      });
  }

  async function begin() {
    const unpacked = new Blob([bytesOf("module")]).stream().pipeThrough(new DecompressionStream("gzip"));
    const module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
    painter = new Desk(module, take);
    sweeper = new Desk(module, (answer) => {
      if (answer.curve && !sweeper.waiting.size) elbow.show(answer, Number(at("k").value));
      if (answer.refusal) at("verdict").textContent = "The curve takes more memory than the browser gives to a page.";
    });
    listen();
    open(new Blob([bytesOf("bundled")], { type: "image/jpeg" }), "mountain-768.jpg", true);
  }
  begin().catch((error) => say(`This browser cannot run the page: ${error.message}. A newer one can.`));
})();
