// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Shows the photo in as many colours as the reader chooses. A pixel of `picture` is the number of a combination of labels,
// red + 256 · green + 65536 · blue: a digit for each K from `first` on, or a blank where the photo is transparent.
(() => {
  "use strict";
  const figure = document.getElementById("slider");
  if (!figure) return;
  const { first, picture, combinations, palettes } = JSON.parse(document.getElementById("slider-data").textContent);
  const canvas = figure.querySelector("canvas");
  const input = figure.querySelector("input");
  const output = figure.querySelector("output");
  const paint = canvas.getContext("2d", { willReadFrequently: true });

  const show = (numbers) => {
    const k = Number(input.value);
    const shown = paint.createImageData(canvas.width, canvas.height);
    for (let i = 0; i < numbers.length; i += 4) {
      const labels = combinations[numbers[i] + 256 * numbers[i + 1] + 65536 * numbers[i + 2]];
      const color = palettes[k - first][labels?.[k - first]];
      if (color) shown.data.set(color, i);
    }
    paint.putImageData(shown, 0, 0);
    output.textContent = `K = ${k}`;
    canvas.setAttribute("aria-label", `The photo in ${k} colours`);
  };

  const image = new Image();
  image.onload = () => {
    paint.drawImage(image, 0, 0);
    const numbers = paint.getImageData(0, 0, canvas.width, canvas.height).data;
    input.addEventListener("input", () => show(numbers));
    show(numbers);
    figure.hidden = false;
  };
  image.src = picture;
})();
