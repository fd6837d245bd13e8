// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Draws the colours of the photo in the cube of red, green and blue, which the reader can rotate. Nothing moves unless the
// reader rotates it.
(() => {
  "use strict";
  const canvas = document.getElementById("cloud");
  if (!canvas) return;
  document.getElementById("cloud-figure").hidden = false;
  const own = document.getElementById("cloud-segments");
  const { cells, palette } = JSON.parse(document.getElementById("cloud-data").textContent);
  const paint = canvas.getContext("2d");
  const start = { turn: -0.55, tilt: 0.3 };
  const view = { ...start };

  const largest = Math.max(...cells.map((cell) => cell[3]));
  const balls = cells.map(([r, g, b, count, segment]) => ({
    at: [r, g, b],
    size: Math.cbrt(count / largest),
    color: `rgb(${r} ${g} ${b})`,
    segmentColor: palette[segment],
  }));

  // The position on the screen of a point in the cube (each coordinate 0 to 255). `depth` grows away from the viewer.
  const project = ([r, g, b], width, height) => {
    const eye = 4.2;
    const x = r / 255 - 0.5, y = g / 255 - 0.5, z = b / 255 - 0.5;
    const across = x * Math.cos(view.turn) + y * Math.sin(view.turn);
    const into = y * Math.cos(view.turn) - x * Math.sin(view.turn);
    const up = z * Math.cos(view.tilt) + into * Math.sin(view.tilt);
    const depth = into * Math.cos(view.tilt) - z * Math.sin(view.tilt);
    const scale = (Math.min(width, height * 1.15) * 0.46 * eye) / (eye + depth);
    return { x: width / 2 + scale * across, y: height * 0.48 - scale * up, depth, scale };
  };

  const line = (from, to) => {
    paint.beginPath();
    paint.moveTo(from.x, from.y);
    paint.lineTo(to.x, to.y);
    paint.stroke();
  };

  // The three walls at the back, with a line every 64 levels.
  const drawRoom = (see, style) => {
    paint.strokeStyle = style.line;
    paint.lineWidth = 1;
    for (const axis of [0, 1, 2]) {
      const [u, v] = [0, 1, 2].filter((other) => other !== axis);
      const place = (level, i, j) => {
        const at = [0, 0, 0];
        at[axis] = level;
        at[u] = i;
        at[v] = j;
        return see(at);
      };
      const wall = place(0, 127.5, 127.5).depth > place(255, 127.5, 127.5).depth ? 0 : 255;
      for (const level of [0, 64, 128, 192, 255]) {
        line(place(wall, level, 0), place(wall, level, 255));
        line(place(wall, 0, level), place(wall, 255, level));
      }
    }
  };

  const axesOf = (style) => [
    ["red", [255, 0, 0], style.red],
    ["green", [0, 255, 0], style.green],
    ["blue", [0, 0, 255], style.blue],
  ];

  // The axes from the black corner: those behind the balls, or those in front of them.
  const drawAxes = (see, style, inFront) => {
    paint.lineWidth = 2.5;
    for (const [, end, color] of axesOf(style)) {
      if (see(end.map((level) => level / 2)).depth < 0 !== inFront) continue;
      paint.strokeStyle = color;
      line(see([0, 0, 0]), see(end));
    }
  };

  const drawNames = (see, style) => {
    paint.textAlign = "center";
    paint.textBaseline = "middle";
    paint.font = "600 14px system-ui, sans-serif";
    paint.lineJoin = "round";
    paint.lineWidth = 4;
    paint.strokeStyle = style.card;
    const axes = axesOf(style).map(([name, end, color]) => [name, end.map((level) => level * 1.09), color]);
    const corners = [["black", [-14, -14, -14], style.ink], ["white", [277, 277, 277], style.ink]];
    for (const [name, place, color] of [...axes, ...corners]) {
      const { x, y } = see(place);
      paint.fillStyle = color;
      paint.strokeText(name, x, y);
      paint.fillText(name, x, y);
    }
  };

  const drawBalls = (see, style) => {
    paint.lineWidth = 0.75;
    paint.strokeStyle = style.rim;
    const seen = balls.map((ball) => ({ ...see(ball.at), ball })).sort((a, b) => b.depth - a.depth);
    for (const { x, y, scale, ball } of seen) {
      paint.fillStyle = own.checked ? ball.segmentColor : ball.color;
      paint.beginPath();
      paint.arc(x, y, Math.max(0.055 * scale * ball.size, 1.1), 0, 2 * Math.PI);
      paint.fill();
      paint.stroke();
    }
  };

  const draw = () => {
    const { width, height } = canvas.getBoundingClientRect();
    const density = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    paint.setTransform(density, 0, 0, density, 0, 0);
    const value = (name) => getComputedStyle(canvas).getPropertyValue(name).trim();
    const style = {};
    for (const name of ["card", "line", "ink", "rim", "red", "green", "blue"]) style[name] = value(`--${name}`);
    const see = (at) => project(at, width, height);
    drawRoom(see, style);
    drawAxes(see, style, false);
    drawBalls(see, style);
    drawAxes(see, style, true);
    drawNames(see, style);
    canvas.dataset.turn = view.turn.toFixed(3);
    canvas.dataset.tilt = view.tilt.toFixed(3);
  };

  let waiting = false;
  const drawSoon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };

  // Rotates by so many radians to the right and down.
  const turnBy = (right, down) => {
    view.turn = (view.turn - right) % (2 * Math.PI);
    view.tilt = Math.min(Math.max(view.tilt + down, -Math.PI / 2), Math.PI / 2);
    drawSoon();
  };

  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    turnBy((event.clientX - held.x) / 150, (event.clientY - held.y) / 150);
    held = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Home") Object.assign(view, start);
    else if (!(event.key in steps)) return;
    event.preventDefault();
    const [right, down] = steps[event.key] ?? [0, 0];
    turnBy(right * 0.12, down * 0.12);
  });

  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", drawSoon);
  own.addEventListener("change", drawSoon);
  for (const event of ["beforeprint", "afterprint"])
    addEventListener(event, () => {
      document.documentElement.classList.toggle("printing", event === "beforeprint");  // paper is white in dark mode, too
      draw();
    });
  new ResizeObserver(drawSoon).observe(canvas);
  draw();
})();
