// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The elbow: WCSS for K = 1, 2 … as a curve, and what it says about the number of colours.
const elbow = (() => {
  "use strict";
  const WIDTH = 440, HEIGHT = 190, LEFT = 12, RIGHT = 428, TOP = 16, BOTTOM = 158;
  const place = document.getElementById("elbow");
  const verdict = document.getElementById("verdict");

  const across = (k, points) => LEFT + ((k - 1) / Math.max(points - 1, 1)) * (RIGHT - LEFT);

  function node(name, attributes, text = "") {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  // A short sentence, and the reason.
  function words({ knee, suggestions, curve }) {
    const colors = curve.indexOf(0) + 1;  // 0 if there are more than points of the curve
    if (colors === 1) return ["One.", "The photo has a single colour."];
    if (knee && knee === colors)
      return [`A clear knee at ${knee}.`, "The photo has no more different colours, and they are far from each other."];
    if (knee)
      return [`A clear knee at ${knee}.`,
        "Up to there every further colour gains at least three times as much as any after it."];
    if (colors)
      return ["No clear knee.", `The photo has only ${colors} different colours, but they are too close to each other, or ` +
        "some too rare, to count as groups."];
    const often = suggestions.find((k) => k && suggestions.filter((other) => other === k).length >= 3);
    return ["No clear knee.", "That is usual for photographs: colours blend into each other, and the right number depends " +
      `on its purpose.${often ? ` Most of four methods lean to ${often}, but not strongly.` : ""}`];
  }

  // Marks the K that the page shows.
  function mark(k) {
    const line = place.querySelector(".now");
    if (!line) return;
    const points = Number(place.dataset.points);
    for (const end of ["x1", "x2"]) line.setAttribute(end, across(k, points));
    line.style.display = k > points ? "none" : "";
  }

  function show({ knee, suggestions, curve }, k) {
    const [short, reason] = words({ knee, suggestions, curve });
    const down = (wcss) => BOTTOM - (wcss / (curve[0] || 1)) * (BOTTOM - TOP);
    const dots = curve.map((wcss, i) => [across(i + 1, curve.length), down(wcss)]);
    const drawing = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    drawing.append(
      node("title", {}, `How far colours are from the nearest of K centers, for K = 1 to ${curve.length}. ${short}`),
      node("line", { class: "base", x1: 0, x2: WIDTH, y1: BOTTOM, y2: BOTTOM }),
      node("line", { class: "now", y1: TOP - 8, y2: BOTTOM }),
      node("polyline", { points: dots.join(" ") }),
      ...dots.map(([cx, cy], i) => node("circle", i + 1 === knee ? { class: "knee", cx, cy, r: 7 } : { cx, cy, r: 4.5 })),
      ...dots.map(([x], i) => node("text", { x, y: BOTTOM + 22 }, `${i + 1}`)));
    place.replaceChildren(drawing);
    place.dataset.points = curve.length;
    const strong = document.createElement("b");
    strong.textContent = short;
    verdict.replaceChildren(strong, ` ${reason}`);
    mark(k);
  }

  return { mark, show };
})();
