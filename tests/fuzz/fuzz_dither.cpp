// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Dithering of any photo with any palette and amount: as by the definition, whatever the layout and the CPU level; what
// cannot be meant is refused.

#include <cstddef>
#include <cstdint>

#include <lloyd/dither.hpp>

#include "../reference_dither.hpp"
#include "../sample_points.hpp"
#include "bytes.hpp"

namespace {

using fuzz::require;
using image = lloyd::image<std::uint8_t>;
using rgb_view = lloyd::image_view<const std::uint8_t, 3>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::bytes input(data, size);
    static const auto levels = samples::cpu_levels();
    const samples::cpu_limit limit(levels[input.byte() % levels.size()]);
    const int amount = input.below(19) - 1;
    image photo(input.below(50), input.below(12), input.below(20) == 1 ? 4 : 3);
    image palette(input.coin() ? input.below(19) : 2 * input.byte(), input.below(20) == 1 ? 2 : 1,
                  input.below(20) == 1 ? 1 : 3);
    input.fill(palette.elements());
    const auto elsewhere = fuzz::place(input, palette);
    const auto place = fuzz::place(input, photo);
    for (std::ptrdiff_t y = 0; y < photo.height() && !photo.empty(); ++y) input.fill(place.view.row(y));

    const bool fits = 0 <= amount && amount <= 16 && photo.channels() == 3 && palette.channels() == 3 &&
                      palette.height() == 1 && 1 <= palette.width() && palette.width() <= 256;
    lloyd::image<std::uint8_t, 1> labels;
    const auto dither = [&] { labels = lloyd::dither(place.view, elsewhere.view, amount); };
    require(fuzz::is_refused("dither: ", dither) != fits, "what cannot be meant is refused, and nothing else");
    if (!fits) return 0;
    const auto expected = reference::dither(rgb_view(place.view), rgb_view(elsewhere.view), amount);
    require(samples::same_pixels(labels, expected), "labels are those of the definition");
    return 0;
}
