// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Canny in one call: the five stages of canny.hpp, with the same result but without whole images between them.
///
///     1 blur        blurred_rows.hpp     ┐
///     2 gradient    fused_gradients.hpp  │ edge_rows.hpp takes a few rows at a time through all four
///     3 thin        fused_kernels.hpp    │
///     4 threshold   fused_kernels.hpp    ┘
///     5 hysteresis  hysteresis.hpp       over the bits of the whole image
///
/// The image is cut into strips of rows for the threads, and each strip into tiles of columns if it is very wide.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/edge_bits.hpp>
#include <lloyd/detail/canny/edge_rows.hpp>
#include <lloyd/detail/canny/hysteresis.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/column_tiles.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The first row of each strip, and the end of the last one: one strip for one thread, otherwise about four for each.
template <class = deferred>
std::vector<std::ptrdiff_t> strip_starts(std::ptrdiff_t height, std::size_t threads) {
    constexpr std::ptrdiff_t min_rows = 64;
    const auto wanted = threads == 1 ? std::ptrdiff_t{1} : 4 * static_cast<std::ptrdiff_t>(threads);
    const auto count = (std::max)((std::min)(wanted, height / min_rows), std::ptrdiff_t{1});
    std::vector<std::ptrdiff_t> starts;
    for (std::ptrdiff_t i = 0; i <= count; ++i) starts.push_back(height / count * i + (std::min)(i, height % count));
    return starts;
}

/// Stages 1 to 4 for rows first to last − 1: blur, gradient, thin, threshold.
template <class = deferred>
void compute_bits(byte_view photo, const canny_parameters& options, std::ptrdiff_t first, std::ptrdiff_t last,
                  edge_bits<>& bits) {
    const auto radius = options.taps.radius() + options.aperture / 2 + 1;
    for (const auto& tile : tiles_of(photo.width(), photo.channels(), radius)) {
        const auto part = photo.crop(tile.read_first, 0, tile.read_last - tile.read_first, photo.height());
        const auto begin = tile.first / pixel_word_bits, end = words_for(tile.last);
        const auto skipped = words_for(tile.first - tile.read_first);
        edge_rows rows(part, options, first);
        for (auto y = first; y < last; ++y) {
            rows.compute_row(y, {.first = skipped,
                                 .last = skipped + end - begin,
                                 .weak = bits.weak(y) + begin,
                                 .strong = bits.edges(y) + begin});
            bits.index_row(y, begin, end);
        }
    }
}

/// All five stages. The arguments are checked already.
template <class = deferred>
image<std::uint8_t, 1> find_edges(byte_view photo, const canny_parameters& options) {
    auto edges = uninitialized_image<std::uint8_t, 1>(photo.width(), photo.height());
    if (photo.empty()) return edges;

    edge_bits bits(edges);
    edge_propagation propagation(bits);
    thread_team team(options.threads, photo.height());
    const auto starts = strip_starts(photo.height(), team.size());
    team.for_each(starts.size() - 1, [&](std::size_t strip) {
        // 1 to 4: blur, gradient, thin, threshold
        compute_bits(photo, options, starts[strip], starts[strip + 1], bits);
        // 5: hysteresis, within the strip …
        propagation.propagate(starts[strip], starts[strip + 1]);
    });
    // … and from strip to strip
    propagation.propagate_across({starts.begin() + 1, starts.end() - 1});

    team.for_each(starts.size() - 1, [&](std::size_t strip) {
        for (auto y = starts[strip]; y < starts[strip + 1]; ++y) bits.write_row(y);
    });
    return edges;
}

}  // namespace lloyd::inline v0::detail
